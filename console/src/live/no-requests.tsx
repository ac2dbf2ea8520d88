// Where there are no requests: why, and how they come.
import { CodeBlock } from '../parts/code-block.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Link } from '../shell/history.tsx';
import type { ApiChoice } from './api-choices.ts';

export function RequestsAreOff() {
  return (
    <EmptyState title="Live requests are off">
      <p>This server records no requests. To see them as they come, start it with one of</p>
      <CodeBlock
        label="Commands"
        text={
          'postern start --live-requests watched    # while somebody looks\npostern start --live-requests always'
        }
      />
      <p>
        or set <code>POSTERN_LIVE_REQUESTS</code>, or <code>liveRequests</code> in its configuration file.
        Secrets are masked before they leave the server, and what is recorded is bounded and kept in memory
        alone.
      </p>
    </EmptyState>
  );
}

export function NoRequestsYet({
  apis,
  isFiltered,
}: {
  readonly apis: readonly ApiChoice[];
  readonly isFiltered: boolean;
}) {
  if (isFiltered) {
    return (
      <EmptyState title="Nothing passes the filters">
        <p>Requests that do are shown here as they come.</p>
      </EmptyState>
    );
  }
  const command = commandFor(apis);
  return (
    <EmptyState title="No requests yet">
      {command === undefined ? (
        <p>
          There is no API with a stage that could be called. The <Link to="/">overview</Link> makes a sample
          in one click.
        </p>
      ) : (
        <>
          <p>They are shown here as they come. Call an API:</p>
          <CodeBlock label="Command" text={command} canCopy />
        </>
      )}
    </EmptyState>
  );
}

/** A call of the first route that is one of an HTTP API. */
function commandFor(apis: readonly ApiChoice[]): string | undefined {
  const api = apis.find(({ protocolType, stages }) => protocolType === 'HTTP' && stages.length > 0);
  if (api === undefined) return undefined;
  const route = api.routes.find((key) => /^(?:GET|ANY) \//.test(key));
  const path = route?.replace(/^\w+ /, '').replace(/\{[^}]*\}/g, '1') ?? '/';
  const stage = api.stages.includes('$default') ? '' : `/${api.stages[0]}`;
  return `curl -i '${window.location.origin}/_aws/execute-api/${api.apiId}${stage}${path}'`;
}
