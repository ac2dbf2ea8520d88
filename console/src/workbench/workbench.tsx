// The mapping workbench: a request on the left, the mappings that change it in the middle, and what becomes of it on the right.
import { useEffect, useState } from 'react';
import type { RouteDocument } from '../api/documents.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { sentenceOf } from '../shell/call-error.ts';
import { Link } from '../shell/history.tsx';
import type { ViewProps } from '../shell/routes.tsx';
import { Bench } from './bench.tsx';
import { Choice, type Chosen, goTo } from './choice.tsx';
import type { Subject } from './draft/stored.ts';
import { type ListedApi, type LoadedApi, listApis, loadApi, loadRecorded, loadResponses } from './load.ts';
import type { RecordedWork } from './recorded-work.ts';
import './workbench.css';

interface Loaded {
  readonly apis: readonly ListedApi[];
  readonly loaded?: LoadedApi;
  readonly route?: RouteDocument | undefined;
  readonly subject?: Subject;
}

const INTEGRATION_OF = /^integrations\//;

export function Workbench({ query }: ViewProps) {
  const wanted: Chosen = {
    api: query.get('api') ?? undefined,
    route: query.get('route') ?? undefined,
    integration: query.get('integration') ?? undefined,
    stage: query.get('stage') ?? undefined,
  };
  const [state, setState] = useState<Loaded>();
  const [failure, setFailure] = useState<string>();
  const [turn, setTurn] = useState(0);
  const [recorded, setRecorded] = useState<RecordedWork>();
  const requestId = query.get('request') ?? undefined;
  const { api, route, integration } = wanted;

  useEffect(() => {
    if (requestId === undefined) return undefined;
    let isOver = false;
    loadRecorded(requestId).then(
      (found) => {
        if (isOver) return;
        setRecorded(found);
        goTo({ api: found.apiId, route: found.routeKey, stage: found.stage }, true);
      },
      (error) => !isOver && setFailure(`The request ${requestId} cannot be taken: ${sentenceOf(error)}`),
    );
    return () => {
      isOver = true;
    };
  }, [requestId]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn is a reason to load again.
  useEffect(() => {
    if (requestId !== undefined) return undefined;
    let isOver = false;
    load({ api, route, integration }).then(
      (found) => {
        if (isOver) return;
        setState(found);
        setFailure(undefined);
      },
      (error) => !isOver && setFailure(sentenceOf(error)),
    );
    return () => {
      isOver = true;
    };
  }, [api, route, integration, requestId, turn]);

  const { apis = [], loaded, subject } = state ?? {};
  const stage = wanted.stage ?? loaded?.stages[0]?.stageName;
  const chosen: Chosen = {
    api: loaded?.api.apiId ?? api,
    route: state?.route?.routeKey,
    integration: subject?.integration.integrationId,
    stage,
  };
  const taken = recorded?.apiId === chosen.api && recorded?.routeKey === chosen.route ? recorded : undefined;
  return (
    <div className="workbench">
      <h1 className="unseen">Mapping workbench</h1>
      {failure !== undefined && (
        <p className="notice bad" role="alert">
          {failure}
        </p>
      )}
      {state !== undefined && <Choice apis={apis} loaded={loaded} chosen={chosen} />}
      {state !== undefined && subject === undefined && <NothingThere state={state} />}
      {loaded !== undefined && subject !== undefined && (
        <Bench
          key={`${loaded.api.apiId}/${subject.integration.integrationId}/${taken?.id ?? ''}`}
          loaded={loaded}
          subject={subject}
          route={state?.route}
          stage={loaded.stages.find(({ stageName }) => stageName === stage)}
          recorded={taken}
          onSaved={() => setTurn((each) => each + 1)}
        />
      )}
    </div>
  );
}

async function load({ api, route, integration }: Omit<Chosen, 'stage'>): Promise<Loaded> {
  const apis = await listApis();
  const listed = api === undefined ? undefined : apis.find(({ apiId }) => apiId === api);
  if (api !== undefined && listed === undefined)
    throw new Error(`There is no API ${api}, or it is another account's.`);
  if (listed === undefined) return { apis };
  const loaded = await loadApi(listed.apiId, listed.region);
  const found = routeOf(loaded, route, integration);
  const integrationId = integration ?? found?.target?.replace(INTEGRATION_OF, '');
  const stored = loaded.integrations.find((each) => each.integrationId === integrationId);
  if (stored === undefined) return { apis, loaded, route: found };
  const responses = await loadResponses(loaded, stored.integrationId);
  return { apis, loaded, route: found, subject: { api: loaded.api, integration: stored, responses } };
}

/** The one that is named; else one of the integration, else the first with an integration. */
function routeOf(
  { routes }: LoadedApi,
  named: string | undefined,
  integration: string | undefined,
): RouteDocument | undefined {
  if (named !== undefined)
    return routes.find(({ routeKey, routeId }) => routeKey === named || routeId === named);
  const sorted = [...routes].sort((a, b) => a.routeKey.localeCompare(b.routeKey));
  if (integration !== undefined) return sorted.find(({ target }) => target === `integrations/${integration}`);
  return sorted.find(({ target }) => target !== undefined) ?? sorted[0];
}

function NothingThere({ state: { apis, loaded, route } }: { readonly state: Loaded }) {
  if (loaded === undefined) {
    return apis.length === 0 ? (
      <EmptyState title="There is no API yet">
        <p>
          The workbench shows what the mappings of an API make of a request.{' '}
          <Link to="/">Make an API first</Link>.
        </p>
      </EmptyState>
    ) : (
      <EmptyState title="Choose an API">
        <p>
          The workbench shows what its mappings make of a request, and what they would make when they are
          changed.
        </p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title={route === undefined ? 'This API has no such route' : 'This route has no integration'}>
      <p>
        Mappings belong to integrations.{' '}
        <Link to={`/apis/${loaded.api.apiId}/routes`}>See the routes of {loaded.api.name}</Link>.
      </p>
    </EmptyState>
  );
}
