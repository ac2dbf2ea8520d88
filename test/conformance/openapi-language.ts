// The language of the rows about OpenAPI documents: what spec/openapi.md §14 abbreviates, and what such a document makes, in
// the members that the management API shows.

/** `arn:aws:lambda:us-east-1:123456789012:function:{name}`. */
export const functionArn = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
/** The URI that invokes a function: `FI` of the specification, with `f` as its name. */
export const fi = (name: string): string =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;
export const F = functionArn('f');
export const FI = fi('f');
export const ISSUER = 'https://issuer.example.com';
/** Stands for the id of the stand's VPC link. */
export const LINK = 'lnk123';
export const LISTENER =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/inner/50dc6c495c0c9188/0467ef3c8400ae65';
/** Stands for the API's id. */
export const API_ID = 'a1b2c3d4e5';

/** Members of a JSON object of a document. */
export type Members = { readonly [name: string]: unknown };

/** An integration of a function, and one of a backend. */
export const L: Members = { type: 'aws_proxy', httpMethod: 'POST', uri: FI, payloadFormatVersion: '2.0' };
export const H: Members = {
  type: 'http_proxy',
  httpMethod: 'GET',
  uri: 'https://be.example.com/x',
  payloadFormatVersion: '1.0',
};

export const without = (members: Members, name: string): Members =>
  Object.fromEntries(Object.entries(members).filter(([each]) => each !== name));

const INTEGRATION = 'x-amazon-apigateway-integration';
const ANY_METHOD = 'x-amazon-apigateway-any-method';

/** An operation with an integration, and more. */
export const int = (integration: unknown, operation: Members = {}): Members => ({
  ...operation,
  [INTEGRATION]: integration,
});
/** A path item with an any-method. */
export const any = (operation: Members): Members => ({ [ANY_METHOD]: operation });
export const named = (name: string): Members => ({
  $ref: `#/components/x-amazon-apigateway-integrations/${name}`,
});
/** Parameter objects of path variables. */
export const parameters = (...names: readonly string[]): Members => ({
  parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
});

export interface Document extends Members {
  readonly paths?: { readonly [path: string]: Members };
}

const PLAIN_METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** A document of the fixture: each plain operation has `responses` where it says nothing else (`responses: undefined`). */
export function doc(paths: { readonly [path: string]: Members }, root: Members = {}): Document {
  const withResponses = (method: string, operation: unknown): unknown =>
    PLAIN_METHODS.includes(method)
      ? { responses: { default: { description: 'd' } }, ...(operation as Members) }
      : operation;
  const items = Object.entries(paths).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(item).map(([method, operation]) => [method, withResponses(method, operation)]),
    ),
  ]);
  return {
    openapi: '3.0.1',
    info: { title: 'T', version: '1' },
    ...root,
    paths: Object.fromEntries(items) as NonNullable<Document['paths']>,
  };
}

/** `GET /a` with an integration. */
export const getA = (integration: unknown, root: Members = {}): Document =>
  doc({ '/a': { get: int(integration) } }, root);

/** A document with security schemes. */
export const secured = (schemes: Members, operation: Members, root: Members = {}): Document =>
  doc({ '/a': { get: int(L, operation) } }, { components: { securitySchemes: schemes }, ...root });

export const jwt: Members = {
  type: 'oauth2',
  'x-amazon-apigateway-authorizer': {
    type: 'jwt',
    identitySource: '$request.header.Authorization',
    jwtConfiguration: { issuer: ISSUER, audience: ['a1', 'a2'] },
  },
};
const REQUEST: Members = {
  type: 'request',
  authorizerUri: FI,
  authorizerPayloadFormatVersion: '2.0',
  enableSimpleResponses: true,
  authorizerResultTtlInSeconds: 60,
  identitySource: ['$request.header.A', '$request.querystring.q'],
};
/** A scheme of a Lambda authorizer, its members changed; `undefined` for one that is not there. */
export const lam = (changed: Members = {}): Members => ({
  type: 'apiKey',
  name: 'Unused',
  in: 'header',
  'x-amazon-apigateway-authorizer': { ...REQUEST, ...changed },
});
export const iam: Members = {
  type: 'apiKey',
  name: 'Authorization',
  in: 'header',
  'x-amazon-apigateway-authtype': 'awsSigv4',
};
export const bare: Members = { type: 'http', scheme: 'bearer' };

/** The line about what HTTP APIs do not have. */
export const ignored = (place: string, key: string): string =>
  `${place}: key [${key}] will be ignored by API Gateway`;

/** The lines about `responses` that come of a document of the fixture; rows do not repeat them. */
export function fixtureLines({ paths = {} }: Document): readonly string[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => PLAIN_METHODS.includes(method) || method === ANY_METHOD)
      .filter(([, operation]) => (operation as Members).responses !== undefined)
      .map(([method]) => ignored(`paths.${path}.${method}`, 'responses')),
  );
}

export const noIntegration = (routeKey: string, text: string): string =>
  `Unable to create integration for resource at path '${routeKey}': ${text}. Ignoring.`;
export const noRoute = (routeKey: string, text: string): string =>
  `Unable to create route for resource at path '${routeKey}': ${text}. Ignoring.`;
export const noAuthorizer = (name: string, text: string): string =>
  `Unable to create Authorizer '${name}': ${text}`;
export const ROUTE_KEY =
  'The provided route key is not formatted properly for HTTP protocol. Format should be "[HTTP METHOD] /[RESOURCE PATH]" or ' +
  '"$default"';
export const PROXIES_ONLY =
  'Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)';
export const SEVERAL_SERVERS =
  'More than one server provided. Ignoring all but the first for defining endpoint configuration';
export const parseIssue = (text: string): string => `Parse issue: attribute ${text}`;

const WIRE_NAMES: { readonly [name: string]: string } = {
  httpMethod: 'IntegrationMethod',
  uri: 'IntegrationUri',
  payloadFormatVersion: 'PayloadFormatVersion',
  integrationSubtype: 'IntegrationSubtype',
  connectionType: 'ConnectionType',
  connectionId: 'ConnectionId',
  credentials: 'CredentialsArn',
  requestParameters: 'RequestParameters',
  responseParameters: 'ResponseParameters',
  timeoutInMillis: 'TimeoutInMillis',
  description: 'Description',
};

/** What an integration of a document reads as. */
export function made(integration: Members): Members {
  const { type, tlsConfig, ...rest } = integration;
  const members = Object.entries(rest).map(([name, value]) => [WIRE_NAMES[name]!, value]);
  return {
    ConnectionType: 'INTERNET',
    TimeoutInMillis: 30000,
    IntegrationType: String(type).toUpperCase(),
    ...(tlsConfig === undefined
      ? {}
      : { TlsConfig: { ServerNameToVerify: (tlsConfig as Members).serverNameToVerify } }),
    ...Object.fromEntries(members),
  };
}

/** A route of an API. */
export interface MadeRoute {
  readonly name?: string;
  /** NONE where there is none. */
  readonly type?: 'JWT' | 'CUSTOM' | 'AWS_IAM';
  readonly authorizer?: string;
  readonly scopes?: readonly string[];
  /** Members of its integration as read, without ids; none for a route without target. */
  readonly to?: Members;
}

/** A route to an integration. */
export const to = (integration: Members, more: Omit<MadeRoute, 'to'> = {}): MadeRoute => ({
  ...more,
  to: made(integration),
});
export const TARGETLESS: MadeRoute = {};
