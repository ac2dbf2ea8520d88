import { Badge } from '../parts/badge.tsx';
import { Table } from '../parts/table.tsx';
import type { TabProps } from './api.tsx';
import type { AuthorizerDocument } from './documents.ts';

/** Who lets requests in, and which routes ask them. */
export function AuthorizersTab({ whole }: TabProps) {
  const { authorizers, routes } = whole;
  const routesOf = (id: string): readonly string[] =>
    routes.filter(({ authorizerId }) => authorizerId === id).map(({ routeKey }) => routeKey);
  return (
    <Table
      label="Authorizers"
      columns={[
        {
          title: 'Name',
          cell: ({ name, authorizerId }) => (
            <>
              <b>{name}</b> <code className="muted">{authorizerId}</code>
            </>
          ),
        },
        { title: 'Type', cell: ({ authorizerType }) => <Badge tone="info">{authorizerType}</Badge> },
        { title: 'Asks', isWide: true, cell: (authorizer) => <Asks {...authorizer} /> },
        {
          title: 'Identity source',
          kind: 'code',
          cell: ({ identitySource = [] }) => identitySource.map((each) => <div key={each}>{each}</div>),
        },
        {
          title: 'Routes',
          kind: 'code',
          cell: ({ authorizerId }) => routesOf(authorizerId).map((key) => <div key={key}>{key}</div>),
        },
      ]}
      rows={[...authorizers.values()]}
      keyOf={({ authorizerId }) => authorizerId}
      empty="It has no authorizers. Routes with AWS_IAM need none: they ask the policies of configured credentials."
    />
  );
}

function Asks(authorizer: AuthorizerDocument) {
  const { authorizerUri, jwtConfiguration, authorizerPayloadFormatVersion, enableSimpleResponses } =
    authorizer;
  const { authorizerResultTtlInSeconds } = authorizer;
  const details = [
    authorizerPayloadFormatVersion !== undefined && `format ${authorizerPayloadFormatVersion}`,
    enableSimpleResponses === true && 'simple responses',
    authorizerResultTtlInSeconds !== undefined && `answers kept for ${authorizerResultTtlInSeconds} s`,
    jwtConfiguration?.audience !== undefined && `for ${jwtConfiguration.audience.join(', ')}`,
  ].filter(Boolean);
  return (
    <>
      <div className="code">{jwtConfiguration?.issuer ?? authorizerUri}</div>
      {details.length > 0 && <div className="muted">{details.join(', ')}</div>}
    </>
  );
}
