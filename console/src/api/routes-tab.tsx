import { Badge } from '../parts/badge.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Link } from '../shell/history.tsx';
import { useMe } from '../shell/session.ts';
import type { TabProps } from './api.tsx';
import type { AuthorizerDocument, IntegrationDocument, RouteDocument } from './documents.ts';
import { MappingLines } from './mapping-lines.tsx';
import { byName, byPriority } from './route-order.ts';

/** What nobody has set. */
const USUAL_TIMEOUT = 30_000;

interface Row {
  readonly place: number;
  readonly route: RouteDocument;
  readonly integration: IntegrationDocument | undefined;
}

/** Routes with what they do, of an HTTP API in the order in which they are tried. */
export function RoutesTab({ whole }: TabProps) {
  const { api, routes, integrations, authorizers, region } = whole;
  const { region: own } = useMe();
  const isHttp = api.protocolType === 'HTTP';
  const rows = (isHttp ? byPriority(routes) : byName(routes)).map((route, at): Row => {
    const integrationId = route.target?.replace(/^integrations\//, '');
    const integration = integrationId === undefined ? undefined : integrations.get(integrationId);
    return { place: at + 1, route, integration };
  });
  const linkTo = (view: string, { routeKey }: RouteDocument): string => {
    const query = new URLSearchParams({ api: api.apiId, route: routeKey });
    if (region !== own) query.set('region', region);
    return `/${view}?${query}`;
  };
  const columns: readonly Column<Row>[] = [
    ...(isHttp ? [{ title: '#', kind: 'number' as const, cell: ({ place }: Row) => place }] : []),
    {
      title: 'Route',
      cell: ({ route }) => (
        <>
          <code className="route-key">{route.routeKey}</code>
          {route.operationName !== undefined && <div className="muted">{route.operationName}</div>}
          <div className="route-key">
            <Link to={linkTo('workbench', route)} aria-label={`Workbench of ${route.routeKey}`}>
              Workbench
            </Link>
            {' · '}
            <Link to={linkTo('live', route)} aria-label={`Live requests of ${route.routeKey}`}>
              Live
            </Link>
          </div>
        </>
      ),
    },
    {
      title: 'Authorization',
      cell: ({ route }) => <Authorization route={route} authorizers={authorizers} />,
    },
    { title: 'Integration', cell: ({ integration }) => <Integration integration={integration} /> },
    {
      title: 'Mappings',
      isWide: true,
      cell: ({ integration }) => integration && <MappingLines {...integration} />,
    },
  ];
  return (
    <>
      {isHttp ? (
        <p className="muted">
          In the order in which they are tried: of two routes that match a request, the upper one is taken.
        </p>
      ) : (
        <p className="muted">
          A message goes to the route that <code>{api.routeSelectionExpression}</code> names, or to{' '}
          <code>$default</code>.
        </p>
      )}
      <Table
        label="Routes"
        columns={columns}
        rows={rows}
        keyOf={({ route }) => route.routeId}
        empty="It has no routes: CreateRoute makes one."
      />
    </>
  );
}

function Authorization({
  route,
  authorizers,
}: {
  readonly route: RouteDocument;
  readonly authorizers: ReadonlyMap<string, AuthorizerDocument>;
}) {
  const { authorizationType = 'NONE', authorizerId, authorizationScopes = [], apiKeyRequired } = route;
  const authorizer = authorizerId === undefined ? undefined : authorizers.get(authorizerId);
  return (
    <>
      {authorizationType === 'NONE' ? (
        <span className="muted">none</span>
      ) : (
        <Badge tone="info">{authorizationType}</Badge>
      )}{' '}
      {authorizer?.name}
      {authorizationScopes.length > 0 && <div className="muted code">{authorizationScopes.join(' ')}</div>}
      {apiKeyRequired === true && <div>API key required</div>}
    </>
  );
}

function Integration({ integration }: { readonly integration: IntegrationDocument | undefined }) {
  if (integration === undefined) return <Badge tone="warn">none</Badge>;
  const { integrationType, integrationSubtype, integrationMethod, integrationUri } = integration;
  const { connectionType, connectionId, payloadFormatVersion, timeoutInMillis } = integration;
  const details = [
    connectionType === 'VPC_LINK' && `VPC link ${connectionId}`,
    integrationType === 'AWS_PROXY' && payloadFormatVersion !== undefined && `format ${payloadFormatVersion}`,
    timeoutInMillis !== undefined && timeoutInMillis !== USUAL_TIMEOUT && `${timeoutInMillis} ms`,
  ].filter(Boolean);
  return (
    <>
      <Badge>{integrationType}</Badge>
      <div className="code uri">
        {integrationSubtype ??
          [integrationType === 'AWS_PROXY' ? undefined : integrationMethod, integrationUri].join(' ').trim()}
      </div>
      {details.length > 0 && <div className="muted">{details.join(', ')}</div>}
    </>
  );
}
