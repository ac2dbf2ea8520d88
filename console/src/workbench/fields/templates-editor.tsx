// Mapping templates by their keys, each with what its references came to.
import { useId } from 'react';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { useBench } from '../bench-context.tsx';
import { newRow, type Row } from '../draft/rows.ts';
import { Editor } from '../editor/editor.tsx';
import { goToPiece, pointing, useMarks } from '../marks.tsx';

/** What became of the template that was rendered. */
export interface RenderedTemplate {
  /** `templateId`. */
  readonly id: string;
  readonly values: readonly { readonly reference: string; readonly line: number; readonly value?: string }[];
  readonly problem?: string | undefined;
}

export interface TemplatesEditorProps {
  /** `Request template`. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly rendered: RenderedTemplate | undefined;
  readonly idOf: (key: string) => string;
  readonly onChange: (rows: readonly Row[]) => void;
}

export function TemplatesEditor({ label, rows, rendered, idOf, onChange }: TemplatesEditorProps) {
  const set = (row: Row): void => onChange(rows.map((each) => (each.id === row.id ? row : each)));
  return (
    <>
      {rows.map((row) => (
        <TemplateRow
          key={row.id}
          label={label}
          id={idOf(row.key)}
          row={row}
          rendered={rendered?.id === idOf(row.key) ? rendered : undefined}
          onChange={set}
          onRemove={() => onChange(rows.filter(({ id }) => id !== row.id))}
        />
      ))}
      <Button onClick={() => onChange([...rows, newRow(rows.length === 0 ? '$default' : '')])}>
        Add a template
      </Button>
    </>
  );
}

interface TemplateRowProps {
  readonly label: string;
  readonly id: string;
  readonly row: Row;
  readonly rendered: RenderedTemplate | undefined;
  readonly onChange: (row: Row) => void;
  readonly onRemove: () => void;
}

function TemplateRow({ label, id, row, rendered, onChange, onRemove }: TemplateRowProps) {
  const { problems, complete } = useBench();
  const { marked, mark } = useMarks();
  const saidId = useId();
  const problem = problems.get(id) ?? rendered?.problem;
  const name = row.key === '' ? 'a template' : row.key;
  return (
    <div
      className={`mapping template${marked === id ? ' marked' : ''}${problem === undefined ? '' : ' invalid'}`}
      data-mapping={id}
      {...pointing(mark, id)}
    >
      <div className="row">
        <Field label={`${label}: key`} error={problems.get(row.id)}>
          {(props) => (
            <input
              {...props}
              className="code"
              value={row.key}
              spellCheck={false}
              onChange={(event) => onChange({ ...row, key: event.target.value })}
            />
          )}
        </Field>
        {rendered !== undefined && <span className="badge info">used now</span>}
        <span className="spring" />
        {rendered !== undefined && problem === undefined && (
          <Button
            kind="quiet"
            aria-label={`Where ${name} shows`}
            title="Where it shows"
            onClick={() => goToPiece(id)}
          >
            ⇥
          </Button>
        )}
        <Button
          kind="quiet"
          aria-label={`Remove ${label.toLowerCase()} ${name}`}
          title="Remove"
          onClick={onRemove}
        >
          ✕
        </Button>
      </div>
      <div className="value">
        <Editor
          label={`${label} ${name}`}
          value={row.value}
          onChange={(value) => onChange({ ...row, value })}
          language="template"
          isMultiline
          hint={'{"text": $input.json(\'$.text\')}'}
          complete={complete.templates}
          describedBy={saidId}
          isInvalid={problem !== undefined}
        />
      </div>
      <div className="said" id={saidId}>
        {problem !== undefined && <p className="error">{problem}</p>}
      </div>
      {rendered !== undefined && rendered.values.length > 0 && (
        <dl className="values" aria-label={`What references of ${name} came to`}>
          {rendered.values.map(({ reference, line, value }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a reference may be evaluated many times.
            <div key={at}>
              <dt title={`line ${line}`}>{reference}</dt>
              <dd className={value === undefined ? 'muted' : ''}>
                {value === undefined ? 'leads nowhere' : value === '' ? '(empty)' : value}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
