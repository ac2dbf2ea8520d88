// What editors of the workbench are made of.
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState, type Extension } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  MatchDecorator,
  placeholder,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { adoptStyles } from './adopt-styles.ts';
import { type Language, tokenKind, tokenPattern } from './tokens.ts';
import type { Complete } from './words.ts';

adoptStyles();

export interface EditorOptions {
  readonly language: Language;
  readonly isMultiline: boolean;
  readonly isReadOnly: boolean;
  readonly hint: string;
  readonly onChange: (text: string) => void;
  /** Asked at each key; undefined completes nothing. */
  readonly complete: () => Complete | undefined;
}

export function editorExtensions(options: EditorOptions): readonly Extension[] {
  const { language, isMultiline, isReadOnly, hint, onChange, complete } = options;
  return [
    history(),
    autocompletion({
      override: [(context) => completionOf(context, complete())],
      icons: false,
      activateOnTyping: true,
      interactionDelay: 0,
    }),
    // Tab goes on to the next field, as everywhere.
    keymap.of([...completionKeymap, ...(isMultiline ? [] : SINGLE_LINE), ...historyKeymap, ...defaultKeymap]),
    EditorView.lineWrapping,
    isMultiline ? [] : ONE_LINE,
    EditorState.readOnly.of(isReadOnly),
    EditorView.editable.of(!isReadOnly),
    placeholder(hint),
    colouring(language),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
    TYPED_OVER,
    EditorView.theme(THEME),
  ];
}

const SINGLE_LINE = ['Enter', 'Mod-Enter', 'Shift-Enter'].map((key) => ({ key, run: () => true }));

/** What is typed over a selection. Chromium would keep the look of what was there by a style attribute, which the policy refuses. */
const TYPED_OVER = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event;
    const { state } = view;
    if (inputType !== 'insertText' || data === null || state.selection.main.empty || view.composing)
      return false;
    if (state.readOnly) return false;
    event.preventDefault();
    view.dispatch({ ...state.replaceSelection(data), userEvent: 'input.type', scrollIntoView: true });
    return true;
  },
});

/** What is pasted on several lines stands on one. */
const ONE_LINE = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines <= 1) return transaction;
  const text = transaction.newDoc
    .toString()
    .replace(/\s*\n\s*/g, ' ')
    .trim();
  return {
    changes: { from: 0, to: transaction.startState.doc.length, insert: text },
    selection: { anchor: text.length },
  };
});

function completionOf(context: CompletionContext, complete: Complete | undefined): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const found = complete?.(line.text.slice(0, context.pos - line.from), context.explicit);
  if (found === undefined) return null;
  return {
    from: line.from + found.from,
    options: found.words.map(({ text, detail }) => ({
      label: text,
      ...(detail === undefined ? {} : { detail }),
    })),
    validFor: /^[\w$#!{.:-]*$/,
  };
}

function colouring(language: Language): Extension {
  const regexp = tokenPattern(language);
  if (regexp === undefined) return [];
  const matcher = new MatchDecorator({
    regexp,
    decoration: (match) => Decoration.mark({ class: `token-${tokenKind(match)}` }),
  });
  return ViewPlugin.define<{ marks: DecorationSet; update(update: ViewUpdate): void }>(
    (view) => ({
      marks: matcher.createDeco(view),
      update(update) {
        this.marks = matcher.updateDeco(update, this.marks);
      },
    }),
    { decorations: ({ marks }) => marks },
  );
}

/** The rest is in workbench.css. */
const THEME = {
  '&': { color: 'var(--text)', backgroundColor: 'var(--raised)', fontSize: '12px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { padding: '3px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 7px', overflowWrap: 'anywhere' },
  '.cm-placeholder': { color: 'var(--muted)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line-strong)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '16em' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--primary)',
    color: 'var(--on-primary)',
  },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal', fontFamily: 'var(--sans)' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
};
