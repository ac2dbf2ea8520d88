// Mappings as rows of key and value, each with what it came to and what is wrong with it.
import { useId } from 'react';
import { Button } from '../../parts/button.tsx';
import { useBench } from '../bench-context.tsx';
import { newRow, type Row } from '../draft/rows.ts';
import { Editor } from '../editor/editor.tsx';
import type { Complete } from '../editor/words.ts';
import { outcomeOf } from '../lines/outcome.ts';
import { goToPiece, pointing, useMarks } from '../marks.tsx';

export interface RowsEditorProps {
  /** What the rows are: `Request mappings`. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly onChange: (rows: readonly Row[]) => void;
  /** What the mapping with a key is known by. */
  readonly idOf: (key: string) => string;
  readonly keys: Complete;
  readonly values: Complete;
  readonly keyHint: string;
  readonly valueHint: string;
}

export function RowsEditor({ label, rows, onChange, ...rest }: RowsEditorProps) {
  const set = (row: Row): void => onChange(rows.map((each) => (each.id === row.id ? row : each)));
  return (
    <div className="mappings">
      {rows.map((row, at) => (
        <MappingRow
          key={row.id}
          {...rest}
          label={`${label} ${at + 1}`}
          row={row}
          onChange={set}
          onRemove={() => onChange(rows.filter(({ id }) => id !== row.id))}
        />
      ))}
      <Button onClick={() => onChange([...rows, newRow()])}>Add a mapping</Button>
    </div>
  );
}

interface MappingRowProps extends Omit<RowsEditorProps, 'rows' | 'onChange'> {
  readonly row: Row;
  readonly onChange: (row: Row) => void;
  readonly onRemove: () => void;
}

function MappingRow({
  label,
  row,
  onChange,
  onRemove,
  idOf,
  keys,
  values,
  keyHint,
  valueHint,
}: MappingRowProps) {
  const { problems, steps } = useBench();
  const { marked, mark } = useMarks();
  const saidId = useId();
  const id = idOf(row.key);
  const problem = problems.get(row.id) ?? (row.key === '' ? undefined : problems.get(id));
  const step = problem === undefined && row.key !== '' ? steps.get(id) : undefined;
  const outcome = step === undefined ? undefined : outcomeOf(step);
  const isRemoval = row.key.startsWith('remove:');
  const setKey = (key: string): void => {
    // What a removal has for a value is always the same (spec/http-api.md §4.11).
    const turns = key.startsWith('remove:') !== isRemoval;
    onChange({ ...row, key, value: turns ? (isRemoval ? '' : "''") : row.value });
  };
  const name = row.key === '' ? label : row.key;
  return (
    <div
      className={`mapping${marked === id ? ' marked' : ''}${problem === undefined ? '' : ' invalid'}`}
      data-mapping={id}
      {...pointing(mark, id)}
    >
      <div className="key">
        <Editor
          label={`${label}: key`}
          value={row.key}
          onChange={setKey}
          language="key"
          hint={keyHint}
          complete={keys}
          describedBy={saidId}
          isInvalid={problem !== undefined}
        />
      </div>
      <div className="value">
        <Editor
          label={`${label}: value of ${name}`}
          value={row.value}
          onChange={(value) => onChange({ ...row, value })}
          language="value"
          hint={isRemoval ? '' : valueHint}
          complete={isRemoval ? undefined : values}
          describedBy={saidId}
          isInvalid={problem !== undefined}
          isReadOnly={isRemoval}
        />
      </div>
      <div className="buttons">
        {outcome !== undefined && outcome.kind !== 'none' && (
          <Button
            kind="quiet"
            aria-label={`Where ${name} shows`}
            title="Where it shows"
            onClick={() => goToPiece(id)}
          >
            ⇥
          </Button>
        )}
        <Button kind="quiet" aria-label={`Remove ${name}`} title="Remove" onClick={onRemove}>
          ✕
        </Button>
      </div>
      <div className="said" id={saidId}>
        {problem !== undefined && <p className="error">{problem}</p>}
        {outcome !== undefined && <p className={`outcome ${outcome.kind}`}>{outcome.text}</p>}
      </div>
    </div>
  );
}
