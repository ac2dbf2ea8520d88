// An integration as resources of a CloudFormation template, in YAML, and as the extension of an OpenAPI operation.
import { type Definition, type Members, renamed } from './definition.ts';
import { asYaml } from './yaml.ts';

export function asCloudFormation({ integration, responses }: Definition): string {
  const { ResponseParameters, ...members } = integration;
  const statuses = Object.entries((ResponseParameters ?? {}) as Record<string, Members>);
  const mapped = Object.fromEntries(
    statuses.map(([status, mappings]) => [
      status,
      {
        ResponseParameters: Object.entries(mappings).map(([Destination, Source]) => ({
          Destination,
          Source,
        })),
      },
    ]),
  );
  const ofResponses = responses.map((response, at) => [
    `IntegrationResponse${at + 1}`,
    {
      Type: 'AWS::ApiGatewayV2::IntegrationResponse',
      Properties: { ApiId: { Ref: 'Api' }, IntegrationId: { Ref: 'Integration' }, ...response },
    },
  ]);
  return asYaml({
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        ...members,
        ...(statuses.length === 0 ? {} : { ResponseParameters: mapped }),
      },
    },
    ...Object.fromEntries(ofResponses),
  });
}

/** Names of the extension, where they are not the members' with a small letter. */
const NAMES: Readonly<Record<string, string>> = {
  IntegrationMethod: 'httpMethod',
  IntegrationUri: 'uri',
  CredentialsArn: 'credentials',
};

/** OpenAPI definitions are of HTTP APIs alone. */
export function asOpenApi({ integration }: Definition): string {
  const { IntegrationType, TlsConfig, ...members } = integration;
  const own = renamed(members, (name) => NAMES[name] ?? lowered(name));
  return asYaml({
    'x-amazon-apigateway-integration': {
      type: String(IntegrationType).toLowerCase(),
      ...own,
      ...(TlsConfig === undefined ? {} : { tlsConfig: renamed(TlsConfig as Members, lowered) }),
    },
  });
}

const lowered = (name: string): string => `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
