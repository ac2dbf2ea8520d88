// Parts of generated HTTP APIs.
import fc from 'fast-check';
import {
  bodyPath,
  credentials,
  functionUri,
  type Input,
  mapOf,
  maybe,
  mostly,
  oneOf,
  pieces,
  ROLE,
  url,
} from './texts.ts';

const httpSource = fc.oneof(
  mostly(
    [
      '$request.header.a',
      '$request.querystring.b',
      '$request.path',
      '$request.path.petId',
      '$context.requestId',
      '$stageVariables.host',
      'static',
      '${request.header.a}-${context.apiId}',
      '$context.authorizer.claims.sub',
      '$context.identity.sourceIp',
    ],
    pieces('$request.header.a', '$context.stage', '$request.body.a', '$stageVariables.fn'),
  ),
  bodyPath.map((path) => `$request.body${path}`),
);
const httpTarget = mostly(
  [
    'append:header.x',
    'overwrite:header.X-Y_Z',
    'remove:header.a.b',
    'append:querystring.q',
    'overwrite:querystring.a',
    'remove:querystring.b',
    'overwrite:path',
  ],
  pieces('append', 'set', ':header.', ':path', 'authorization', 'x'),
);
const responseTarget = mostly(
  ['append:header.x', 'overwrite:header.y', 'remove:header.z', 'overwrite:statuscode'],
  pieces('overwrite:', 'header.x', 'statuscode'),
);
const responseSource = mostly(
  ['$response.header.a', '$context.requestId', '404', '${response.header.a}', '$response.body.a'],
  pieces('$response.header.a', '$stageVariables.host', '200'),
);
const responses = fc.dictionary(
  mostly(['200', '404', '500'], oneOf('199', 'x')),
  mapOf(responseTarget, responseSource),
  { maxKeys: 2 },
);

export const httpIntegration: fc.Arbitrary<Input> = fc.oneof(
  fc.record({
    IntegrationType: fc.constant('HTTP_PROXY'),
    IntegrationMethod: oneOf('GET', 'ANY', 'POST'),
    IntegrationUri: url,
    PayloadFormatVersion: fc.constant('1.0'),
    RequestParameters: mapOf(httpTarget, httpSource),
    ResponseParameters: responses,
  }),
  fc.record({
    IntegrationType: fc.constant('AWS_PROXY'),
    IntegrationUri: functionUri,
    PayloadFormatVersion: oneOf('1.0', '2.0'),
    CredentialsArn: credentials,
    RequestParameters: mapOf(httpTarget, httpSource),
    ResponseParameters: responses,
  }),
  fc.record({
    IntegrationType: fc.constant('AWS_PROXY'),
    IntegrationSubtype: mostly(['SQS-SendMessage'], fc.constant('EventBridge-PutEvents')),
    PayloadFormatVersion: fc.constant('1.0'),
    CredentialsArn: mostly([ROLE, '${stageVariables.arn}'], pieces(ROLE)),
    RequestParameters: fc
      .tuple(
        httpSource,
        httpSource,
        mapOf(mostly(['DelaySeconds', 'Region', 'MessageGroupId'], fc.constant('Nope')), httpSource),
      )
      .map(([QueueUrl, MessageBody, others]) => ({ QueueUrl, MessageBody, ...others })),
    ResponseParameters: responses,
  }),
);

export const httpRoute: fc.Arbitrary<Input> = fc.record({
  RouteKey: mostly(
    ['GET /', 'ANY /pets/{petId}', 'POST /{proxy+}', '$default', 'GET /pets/{petId}/{x+}', 'PATCH /a/{b}/c'],
    pieces('GET ', '/pets', '/{petId}', '{proxy+}', '$default'),
  ),
  target: fc.nat(3),
  authorizer: maybe(fc.nat(1)),
  AuthorizationType: oneOf('NONE', 'AWS_IAM'),
});
