// ResponseParameters: mappings by the status that the backend answers.
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { useBench } from '../bench-context.tsx';
import { newStatus, type StatusRows } from '../draft/draft.ts';
import { mappingId } from '../lines/line.ts';
import { RowsEditor } from './rows-editor.tsx';

export interface StatusesEditorProps {
  readonly statuses: readonly StatusRows[];
  /** What the backend answers now. */
  readonly current: string | undefined;
  readonly onChange: (statuses: readonly StatusRows[]) => void;
}

export function StatusesEditor({ statuses, current, onChange }: StatusesEditorProps) {
  const { problems, complete } = useBench();
  const set = (changed: StatusRows): void =>
    onChange(statuses.map((each) => (each.id === changed.id ? changed : each)));
  const next = current !== undefined && !statuses.some(({ status }) => status === current) ? current : '';
  return (
    <>
      {statuses.map((each) => {
        const { id, status, rows } = each;
        const name = status === '' ? 'a status' : status;
        return (
          <fieldset key={id} className="status">
            <legend className="unseen">When the backend answers {name}</legend>
            <div className="row">
              <Field
                label="When the backend answers"
                error={problems.get(id) ?? problems.get(`status/${status}`)}
              >
                {(props) => (
                  <input
                    {...props}
                    className="code short"
                    value={status}
                    inputMode="numeric"
                    onChange={(event) => set({ ...each, status: event.target.value.trim() })}
                  />
                )}
              </Field>
              {current === status && <span className="badge info">it does now</span>}
              <span className="spring" />
              <Button
                kind="quiet"
                aria-label={`Remove the mappings of ${name}`}
                onClick={() => onChange(statuses.filter((other) => other.id !== id))}
              >
                ✕
              </Button>
            </div>
            <RowsEditor
              label={`Mapping for ${name},`}
              rows={rows}
              onChange={(changed) => set({ ...each, rows: changed })}
              idOf={(key) => mappingId('response', key, status)}
              keys={complete.responseKeys}
              values={complete.responseValues}
              keyHint="overwrite:statuscode"
              valueHint="403"
            />
          </fieldset>
        );
      })}
      <Button onClick={() => onChange([...statuses, newStatus(next)])}>
        {next === '' ? 'Add a status' : `Add mappings for ${next}`}
      </Button>
    </>
  );
}
