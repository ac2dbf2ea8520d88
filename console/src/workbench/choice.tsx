// What is on the bench: an API, one of its routes, and the stage whose variables count.

import type { IntegrationDocument } from '../api/documents.ts';
import { Field } from '../parts/field.tsx';
import { navigate } from '../shell/history.tsx';
import type { ListedApi, LoadedApi } from './load.ts';

export interface ChoiceProps {
  readonly apis: readonly ListedApi[];
  readonly loaded: LoadedApi | undefined;
  readonly chosen: Chosen;
}

/** As the page's query has it. */
export interface Chosen {
  readonly api: string | undefined;
  /** A route's key or id. */
  readonly route: string | undefined;
  readonly integration: string | undefined;
  readonly stage: string | undefined;
}

export function goTo({ api, route, integration, stage }: Partial<Chosen>, isReplaced = false): void {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ api, route, integration, stage })) {
    if (value !== undefined && value !== '') query.set(name, value);
  }
  navigate(`/workbench${query.size === 0 ? '' : `?${query}`}`, { replace: isReplaced });
}

export function Choice({ apis, loaded, chosen }: ChoiceProps) {
  const routes = [...(loaded?.routes ?? [])].sort((a, b) => a.routeKey.localeCompare(b.routeKey));
  const route = routes.find((each) => each.routeKey === chosen.route || each.routeId === chosen.route);
  return (
    <div className="choice">
      <Field label="API">
        {(props) => (
          <select {...props} value={chosen.api ?? ''} onChange={(event) => goTo({ api: event.target.value })}>
            {chosen.api === undefined && <option value="">Choose one</option>}
            {apis.map(({ apiId, name, region }) => (
              <option key={apiId} value={apiId}>
                {name} ({apiId}, {region})
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Route">
        {(props) => (
          <select
            {...props}
            value={route?.routeKey ?? ''}
            disabled={routes.length === 0}
            onChange={(event) => goTo({ api: chosen.api, route: event.target.value, stage: chosen.stage })}
          >
            {route === undefined && <option value="">{routes.length === 0 ? 'none' : 'no route'}</option>}
            {routes.map(({ routeKey }) => (
              <option key={routeKey} value={routeKey}>
                {routeKey}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Integration">
        {(props) => (
          <select
            {...props}
            value={chosen.integration ?? ''}
            disabled={loaded === undefined || loaded.integrations.length === 0}
            onChange={(event) =>
              goTo({ api: chosen.api, integration: event.target.value, stage: chosen.stage })
            }
          >
            {chosen.integration === undefined && <option value="">none</option>}
            {loaded?.integrations.map((each) => (
              <option key={each.integrationId} value={each.integrationId}>
                {integrationName(each)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Stage">
        {(props) => (
          <select
            {...props}
            value={chosen.stage ?? ''}
            disabled={loaded === undefined || loaded.stages.length === 0}
            onChange={(event) => goTo({ ...chosen, stage: event.target.value })}
          >
            {chosen.stage === undefined && <option value="">none</option>}
            {loaded?.stages.map(({ stageName }) => (
              <option key={stageName}>{stageName}</option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

function integrationName({
  integrationId,
  integrationType,
  integrationSubtype,
  integrationUri,
}: IntegrationDocument): string {
  const target =
    integrationSubtype ??
    integrationUri?.replace(/^arn:aws:apigateway:.*:function:([^/]+)\/invocations$/, 'function $1') ??
    '';
  return `${integrationType} ${target} (${integrationId})`;
}
