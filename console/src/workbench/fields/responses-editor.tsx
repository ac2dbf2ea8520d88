// Integration responses of WebSocket APIs: what is made of what the backend answers, by key.
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { useBench } from '../bench-context.tsx';
import { newResponse, type ResponseDraft } from '../draft/draft.ts';
import { mappingId, templateId } from '../lines/line.ts';
import { RowsEditor } from './rows-editor.tsx';
import { type RenderedTemplate, TemplatesEditor } from './templates-editor.tsx';

export interface ResponsesEditorProps {
  readonly responses: readonly ResponseDraft[];
  /** The key of the one that was chosen. */
  readonly chosen: string | undefined;
  readonly rendered: RenderedTemplate | undefined;
  readonly onChange: (responses: readonly ResponseDraft[]) => void;
}

export function ResponsesEditor({ responses, chosen, rendered, onChange }: ResponsesEditorProps) {
  const { problems, complete } = useBench();
  const set = (changed: ResponseDraft): void =>
    onChange(responses.map((each) => (each.id === changed.id ? changed : each)));
  return (
    <>
      {responses.map((each) => {
        const { id, key } = each;
        const name = key === '' ? 'a response' : key;
        return (
          <fieldset key={id} className="status">
            <legend className="unseen">Integration response {name}</legend>
            <div className="row">
              <Field
                label="Integration response"
                hint="$default, or a pattern between slashes: /5\d\d/"
                error={problems.get(id) ?? problems.get(`response/${key}`)}
              >
                {(props) => (
                  <input
                    {...props}
                    className="code"
                    value={key}
                    spellCheck={false}
                    onChange={(event) => set({ ...each, key: event.target.value })}
                  />
                )}
              </Field>
              {chosen === key && <span className="badge info">chosen now</span>}
              <span className="spring" />
              <Button
                kind="quiet"
                aria-label={`Remove integration response ${name}`}
                title="Remove"
                onClick={() => onChange(responses.filter((other) => other.id !== id))}
              >
                ✕
              </Button>
            </div>
            <TemplatesEditor
              label="Response template"
              rows={each.templates}
              rendered={rendered}
              idOf={(templateKey) => templateId('response', templateKey, key)}
              onChange={(templates) => set({ ...each, templates })}
            />
            {(each.parameters.length > 0 || key === '$default') && (
              <details open={each.parameters.length > 0}>
                <summary>Response parameters</summary>
                <RowsEditor
                  label={`Response parameter of ${name},`}
                  rows={each.parameters}
                  onChange={(parameters) => set({ ...each, parameters })}
                  idOf={(parameter) => mappingId('response', parameter, key)}
                  keys={complete.responseKeys}
                  values={complete.responseValues}
                  keyHint="route.response.header.x"
                  valueHint="integration.response.header.x"
                />
              </details>
            )}
          </fieldset>
        );
      })}
      <Button
        onClick={() =>
          onChange([
            ...responses,
            newResponse(responses.some(({ key }) => key === '$default') ? '' : '$default'),
          ])
        }
      >
        Add an integration response
      </Button>
    </>
  );
}
