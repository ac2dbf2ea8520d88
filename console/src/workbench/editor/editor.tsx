// A field for code: CodeMirror as an input of React.
import { Compartment, EditorState, StateEffect } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { editorExtensions } from './extensions.ts';
import type { Language } from './tokens.ts';
import type { Complete } from './words.ts';

export interface EditorProps {
  /** What it is, for who does not see what stands beside it. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly language?: Language;
  readonly isMultiline?: boolean;
  readonly isReadOnly?: boolean;
  readonly hint?: string;
  readonly complete?: Complete | undefined;
  /** Ids of what is said about it. */
  readonly describedBy?: string | undefined;
  readonly isInvalid?: boolean;
}

export function Editor(props: EditorProps) {
  const {
    label,
    value,
    language = 'text',
    isMultiline = false,
    isReadOnly = false,
    hint = '',
    describedBy,
    isInvalid = false,
  } = props;
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(props);
  latest.current = props;

  const said = useRef(new Compartment());

  useEffect(() => {
    const extensions = [
      ...editorExtensions({
        language,
        isMultiline,
        isReadOnly,
        hint,
        onChange: (text) => {
          if (text !== latest.current.value) latest.current.onChange(text);
        },
        complete: () => latest.current.complete,
      }),
      said.current.of(attributesOf(latest.current)),
    ];
    if (view.current === null) {
      const state = EditorState.create({ doc: latest.current.value, extensions });
      view.current = new EditorView({ state, parent: parent.current! });
    } else view.current.dispatch({ effects: StateEffect.reconfigure.of(extensions) });
  }, [language, isMultiline, isReadOnly, hint]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what the attributes are of.
  useEffect(() => {
    view.current?.dispatch({ effects: said.current.reconfigure(attributesOf(latest.current)) });
  }, [label, describedBy, isInvalid]);

  useEffect(
    () => () => {
      view.current?.destroy();
      view.current = null;
    },
    [],
  );

  useEffect(() => {
    const { current } = view;
    if (current === null || current.state.doc.toString() === value) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value } });
  }, [value]);

  return <div ref={parent} className={`editor${isMultiline ? ' many' : ''}${isInvalid ? ' invalid' : ''}`} />;
}

function attributesOf({ label, describedBy, isInvalid = false }: EditorProps) {
  return EditorView.contentAttributes.of({
    'aria-label': label,
    ...(describedBy === undefined ? {} : { 'aria-describedby': describedBy }),
    ...(isInvalid ? { 'aria-invalid': 'true' } : {}),
  });
}
