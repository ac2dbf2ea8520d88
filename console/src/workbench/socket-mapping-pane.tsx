// The middle of the bench for WebSocket APIs: which route a message takes, and the templates and parameters of its integration.
import type { SocketTrace } from '../../../src/websocket-api/explain/trace.ts';
import { Badge } from '../parts/badge.tsx';
import { Field } from '../parts/field.tsx';
import { useBench } from './bench-context.tsx';
import type { Draft } from './draft/draft.ts';
import type { Subject } from './draft/stored.ts';
import { ResponsesEditor } from './fields/responses-editor.tsx';
import { RowsEditor } from './fields/rows-editor.tsx';
import { SettingsEditor } from './fields/settings-editor.tsx';
import { type RenderedTemplate, TemplatesEditor } from './fields/templates-editor.tsx';
import { mappingId, settingId, templateId } from './lines/line.ts';
import { Section } from './result-pane.tsx';

export interface SocketMappingPaneProps {
  readonly subject: Subject;
  readonly draft: Draft;
  readonly trace: SocketTrace | undefined;
  readonly onChange: (draft: Draft) => void;
}

export function SocketMappingPane({ subject, draft, trace, onChange }: SocketMappingPaneProps) {
  const { complete, problems } = useBench();
  const { integration } = subject;
  const isProxy = integration.integrationType.endsWith('_PROXY');
  const { request, response, selection } = trace ?? {};
  return (
    <>
      <Section title="Route selection">
        <Field
          label="Route selection expression of the API"
          error={problems.get(settingId('RouteSelectionExpression'))}
          hint={
            selection === undefined ? undefined : (
              <>chooses {selection.value === '' ? 'nothing' : <code>{selection.value}</code>}</>
            )
          }
        >
          {(props) => (
            <input
              {...props}
              className="code"
              value={draft.routeSelectionExpression}
              spellCheck={false}
              onChange={(event) => onChange({ ...draft, routeSelectionExpression: event.target.value })}
            />
          )}
        </Field>
      </Section>
      <Section title="Integration">
        <p className="row">
          <Badge>{integration.integrationType}</Badge>
          <code className="muted">{integration.integrationId}</code>
        </p>
        <SettingsEditor
          integration={integration}
          protocol="WEBSOCKET"
          settings={draft.settings}
          onChange={(settings) => onChange({ ...draft, settings })}
        />
      </Section>
      {!isProxy && (
        <Section title="Request templates">
          <TemplatesEditor
            label="Request template"
            rows={draft.requestTemplates}
            rendered={request === undefined ? undefined : renderedOf(request, 'request')}
            idOf={(key) => templateId('request', key)}
            onChange={(requestTemplates) => onChange({ ...draft, requestTemplates })}
          />
        </Section>
      )}
      {integration.integrationType !== 'MOCK' && integration.integrationType !== 'AWS_PROXY' && (
        <Section title="Request parameters">
          <RowsEditor
            label="Request parameter"
            rows={draft.requestParameters}
            onChange={(requestParameters) => onChange({ ...draft, requestParameters })}
            idOf={(key) => mappingId('request', key)}
            keys={complete.requestKeys}
            values={complete.requestValues}
            keyHint="integration.request.header.x"
            valueHint="route.request.body.x"
          />
        </Section>
      )}
      {!isProxy && (
        <Section title="Integration responses">
          <ResponsesEditor
            responses={draft.responses}
            chosen={response?.key}
            rendered={response === undefined ? undefined : renderedOf(response, 'response', response.key)}
            onChange={(responses) => onChange({ ...draft, responses })}
          />
        </Section>
      )}
    </>
  );
}

type Rendered = NonNullable<SocketTrace['request']> | NonNullable<SocketTrace['response']>;

function renderedOf(
  { templateKey, values = [], problem }: Rendered,
  side: 'request' | 'response',
  responseKey = '',
): RenderedTemplate | undefined {
  if (templateKey === undefined) return undefined;
  const where = problem?.line === undefined ? '' : ` (line ${problem.line}, column ${problem.column})`;
  return {
    id: templateId(side, templateKey, responseKey),
    values,
    problem: problem === undefined ? undefined : `${problem.message}${where}`,
  };
}
