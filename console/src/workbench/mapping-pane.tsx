// The middle of the bench: all that an integration does to requests and responses.
import type { Trace } from '../../../src/http-api/explain/trace.ts';
import { Badge } from '../parts/badge.tsx';
import { useBench } from './bench-context.tsx';
import type { Draft } from './draft/draft.ts';
import type { Subject } from './draft/stored.ts';
import { RowsEditor } from './fields/rows-editor.tsx';
import { SettingsEditor } from './fields/settings-editor.tsx';
import { StatusesEditor } from './fields/statuses-editor.tsx';
import { mappingId } from './lines/line.ts';
import { Section } from './result-pane.tsx';

export interface MappingPaneProps {
  readonly subject: Subject;
  readonly draft: Draft;
  readonly trace: Trace | undefined;
  readonly onChange: (draft: Draft) => void;
}

export function MappingPane({ subject: { integration, api }, draft, trace, onChange }: MappingPaneProps) {
  const { complete } = useBench();
  const isService = integration.integrationSubtype !== undefined;
  return (
    <>
      <Section title="Integration">
        <p className="row">
          <Badge>{integration.integrationType}</Badge>
          {isService && <Badge tone="info">{integration.integrationSubtype}</Badge>}
          <code className="muted">{integration.integrationId}</code>
        </p>
        <SettingsEditor
          integration={integration}
          protocol={api.protocolType}
          settings={draft.settings}
          onChange={(settings) => onChange({ ...draft, settings })}
        />
      </Section>
      <Section title={isService ? 'Parameters of the service' : 'Request mappings'}>
        <RowsEditor
          label="Request mapping"
          rows={draft.requestParameters}
          onChange={(requestParameters) => onChange({ ...draft, requestParameters })}
          idOf={(key) => mappingId('request', key)}
          keys={complete.requestKeys}
          values={complete.requestValues}
          keyHint={isService ? 'MessageBody' : 'append:header.x-name'}
          valueHint="$request.header.x-name"
        />
      </Section>
      <Section title="Response mappings">
        <StatusesEditor
          statuses={draft.statuses}
          current={trace?.backendReply === undefined ? undefined : String(trace.backendReply.status)}
          onChange={(statuses) => onChange({ ...draft, statuses })}
        />
      </Section>
    </>
  );
}
