// WebSocket connections: who is connected, and beside the list one of them.
import { useMemo } from 'react';
import {
  type ConnectionList,
  type ConnectionSummary,
  missingSentence,
} from '../../../src/websocket-api/connections/connection-list.ts';
import { useApiChoices } from '../live/api-choices.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { useCall } from '../parts/use-call.ts';
import { visibleText } from '../parts/visible-text.ts';
import { Link, navigate } from '../shell/history.tsx';
import type { ViewProps } from '../shell/routes.tsx';
import { ConnectionPane } from './connection-pane.tsx';
import '../live/live.css';
import './connections.css';
import { printAge } from './print-age.ts';

const REFRESH_MILLIS = 1_000;

export function ConnectionsView({ query }: ViewProps) {
  const { apis, names } = useApiChoices();
  const api = query.get('api') ?? '';
  const openId = query.get('id') ?? undefined;
  const path = api === '' ? '/_postern/connections' : `/_postern/connections?api=${encodeURIComponent(api)}`;
  const { value, error, reload } = useCall<ConnectionList>(path, { everyMillis: REFRESH_MILLIS });
  const sockets = useMemo(() => apis.filter(({ protocolType }) => protocolType === 'WEBSOCKET'), [apis]);
  const isListed = api === '' || sockets.some(({ apiId }) => apiId === api);
  const { count = 0, connections = [], unanswered } = value ?? {};
  return (
    <div className={openId === undefined ? 'connections' : 'connections split'}>
      <section className="list" aria-label="List">
        <div className="row">
          <h1>Connections</h1>
          {value !== undefined && <span className="muted">{count.toLocaleString('en')} open</span>}
          <span className="spring" />
          <label>
            API{' '}
            <select
              value={api}
              onChange={({ target }) => navigate(addressOf(target.value, openId), { replace: true })}
            >
              <option value="">any</option>
              {!isListed && <option value={api}>{api}</option>}
              {sockets.map(({ apiId, name }) => (
                <option key={apiId} value={apiId}>
                  {`${visibleText(name)} (${apiId})`}
                </option>
              ))}
            </select>
          </label>
        </div>
        {error !== undefined && (
          <p className="notice warn" role="status">
            {error}
          </p>
        )}
        {unanswered !== undefined && (
          <p className="notice warn" role="status">
            {missingSentence(unanswered)}
          </p>
        )}
        {value !== undefined && unanswered === undefined && count === 0 && (
          <NobodyIsConnected endpoint={endpointOf(sockets[0])} />
        )}
        {count > 0 && (
          <Connections
            of={connections}
            names={names}
            openId={openId}
            addressOf={(id) => addressOf(api, id)}
          />
        )}
        {count > connections.length && (
          <p className="muted">{`These are the newest ${connections.length.toLocaleString('en')}.`}</p>
        )}
      </section>
      {openId !== undefined && (
        <ConnectionPane
          key={openId}
          id={openId}
          current={connections.find(({ connectionId }) => connectionId === openId)}
          isKnown={value !== undefined && unanswered === undefined && count <= connections.length}
          listAddress={addressOf(api, undefined)}
          onChange={reload}
        />
      )}
    </div>
  );
}

function addressOf(api: string, id: string | undefined): string {
  const query = new URLSearchParams({ ...(api === '' ? {} : { api }), ...(id === undefined ? {} : { id }) });
  return query.size === 0 ? '/connections' : `/connections?${query}`;
}

interface ConnectionsProps {
  readonly of: readonly ConnectionSummary[];
  readonly names: ReadonlyMap<string, string>;
  readonly openId: string | undefined;
  readonly addressOf: (id: string) => string;
}

function Connections({ of, names, openId, addressOf }: ConnectionsProps) {
  const now = Date.now();
  return (
    <div className="rows">
      <table aria-label="Connections">
        <thead>
          <tr>
            <th scope="col">Connection</th>
            <th scope="col">API and stage</th>
            <th scope="col">Who</th>
            <th scope="col">Connected for</th>
            <th scope="col">Last message</th>
            <th scope="col" className="number">
              In
            </th>
            <th scope="col" className="number">
              Out
            </th>
          </tr>
        </thead>
        <tbody>
          {of.map(
            ({ connectionId, apiId, stage, identity, sourceIp, connectedAt, lastActiveAt, ...counts }) => (
              <tr key={connectionId} className={connectionId === openId ? 'open' : undefined}>
                <td className="code">
                  <Link
                    to={addressOf(connectionId)}
                    aria-current={connectionId === openId ? 'true' : undefined}
                  >
                    {connectionId}
                  </Link>
                </td>
                <td title={apiId}>{visibleText(`${names.get(apiId) ?? apiId} · ${stage}`)}</td>
                <td title={sourceIp}>{identity === undefined ? sourceIp : visibleText(identity)}</td>
                <td title={new Date(connectedAt).toISOString()}>{printAge(now - connectedAt)}</td>
                <td title={new Date(lastActiveAt).toISOString()}>
                  {counts.messagesIn + counts.messagesOut === 0
                    ? 'none'
                    : `${printAge(now - lastActiveAt)} ago`}
                </td>
                <td className="number">{counts.messagesIn}</td>
                <td className="number">{counts.messagesOut}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function NobodyIsConnected({ endpoint }: { readonly endpoint: string | undefined }) {
  return (
    <EmptyState title="Nobody is connected">
      {endpoint === undefined ? (
        <p>
          Clients of WebSocket APIs are shown here while they are connected. There is no such API with a stage
          yet.
        </p>
      ) : (
        <>
          <p>Clients of WebSocket APIs are shown here while they are connected. One to try with:</p>
          <CodeBlock label="Command" text={`npx wscat -c ${endpoint}`} canCopy />
        </>
      )}
    </EmptyState>
  );
}

function endpointOf(
  api: { readonly apiId: string; readonly stages: readonly string[] } | undefined,
): string | undefined {
  const stage = api?.stages[0];
  if (api === undefined || stage === undefined) return undefined;
  return `${window.location.origin.replace(/^http/, 'ws')}/_aws/execute-api/${api.apiId}/${stage}`;
}
