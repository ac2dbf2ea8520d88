// Parts of generated WebSocket APIs.
import fc from 'fast-check';
import {
  bodyPath,
  credentials,
  type Input,
  mapOf,
  maybe,
  mostly,
  oneOf,
  pieces,
  serviceUri,
  url,
} from './texts.ts';

const template = fc.oneof(
  oneOf(
    '{"a": $input.json(\'$.a\')}',
    '#set($a = 1)$a',
    '#if($a)x#end',
    '#if(',
    '#foreach($x in $y)$x#end',
    '$util.parseJson(',
    '#end',
    '"$context.requestId"',
    '#macro(a)',
    '{"statusCode": 200}',
  ),
  pieces(
    '$input.json("$")',
    '#if(true)',
    '#end',
    '#set($x = ',
    '"a"',
    ')',
    '$!{x}',
    '#foreach($i in [1..3])',
  ),
);
export const selection = fc.oneof(
  mostly(
    ['$request.body.action', '${request.body.a}-${request.header.b}', '$context.connectionId', '200'],
    oneOf('$default', '\\$default', '$integration.response.statuscode'),
  ),
  bodyPath.map((path) => `$request.body${path}`),
  pieces('$request.body.a', '${request.body.b}', '${context.eventType}', '${integration.response.header.x}'),
);
export const routeSelection = mostly(
  ['$request.body.action', '${request.body.a}/${request.body.b[0]}', '$request.body'],
  selection,
);
const socketSource = fc.oneof(
  {
    weight: 3,
    arbitrary: oneOf(
      "'static'",
      'route.request.header.a',
      'route.request.querystring.b',
      'method.request.multivalueheader.c',
      'route.request.path.x',
      'context.connectionId',
      'stageVariables.host',
      'route.request.body',
    ),
  },
  { weight: 3, arbitrary: bodyPath.map((path) => `route.request.body${path}`) },
  { weight: 1, arbitrary: pieces('route.request.body', '.a', "'x'", 'context.', 'stageVariables.host') },
);
const socketTarget = mostly(
  ['header.x', 'header.Content-Length', 'header.host', 'querystring.a.b', 'path.x'].map(
    (name) => `integration.request.${name}`,
  ),
  oneOf('integration.request.body.x', 'integration.request.header.', 'x'),
);
const templates = fc.dictionary(oneOf('$default', 'default', '200', 'a'), template, { maxKeys: 2 });

export const socketIntegration: fc.Arbitrary<Input> = fc
  .record({
    IntegrationType: oneOf('MOCK', 'HTTP', 'HTTP_PROXY', 'AWS', 'AWS_PROXY'),
    IntegrationMethod: mostly(['GET', 'ANY', 'POST'], fc.constant('FETCH')),
    http: url,
    aws: serviceUri,
    CredentialsArn: credentials,
    RequestParameters: mapOf(socketTarget, socketSource),
    RequestTemplates: templates,
    TemplateSelectionExpression: maybe(selection),
    PassthroughBehavior: maybe(oneOf('WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER')),
    ContentHandlingStrategy: maybe(oneOf('CONVERT_TO_BINARY', 'CONVERT_TO_TEXT')),
  })
  .map(({ http, aws, ...rest }) => {
    const IntegrationUri = rest.IntegrationType.startsWith('HTTP') ? http : aws;
    return rest.IntegrationType === 'MOCK' ? rest : { ...rest, IntegrationUri };
  });
export const integrationResponse: fc.Arbitrary<Input> = fc.record({
  IntegrationResponseKey: mostly(
    ['$default', '/200/', '/4\\d\\d/', '/.*Error.*/'],
    pieces('/', '4', '\\d', '(', '.*'),
  ),
  ResponseTemplates: templates,
  TemplateSelectionExpression: maybe(selection),
  ContentHandlingStrategy: maybe(oneOf('CONVERT_TO_BINARY', 'CONVERT_TO_TEXT')),
  ResponseParameters: mapOf(
    oneOf('route.response.header.Sec-WebSocket-Protocol', 'method.response.header.x'),
    fc.oneof(
      oneOf("'a'", 'integration.response.header.b'),
      bodyPath.map((path) => `integration.response.body${path}`),
    ),
  ),
});

export const model: fc.Arbitrary<Input> = fc.record({
  Name: oneOf('Pet', 'Order'),
  ContentType: maybe(fc.constant('application/json')),
  Schema: mostly(
    [
      '{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","required":["a"]}',
      '{"anyOf":[{"type":"number","multipleOf":0.1},{"enum":[1,null]}]}',
      '{"definitions":{"a":{"properties":{"b":{"$ref":"#/definitions/a"}}}},"$ref":"#/definitions/a"}',
      '{}',
    ],
    fc.oneof(
      oneOf(
        '{"type":"string","pattern":"^a("}',
        '{"definitions":{"a":{"$ref":"#/definitions/a"}},"$ref":"#/definitions/a"}',
        '{"$ref":"#/nowhere"}',
        '{"type":"nothing"}',
        '[',
      ),
      fc.json({ maxDepth: 2 }),
    ),
  ),
});

export const socketRoute: fc.Arbitrary<Input> = fc.record({
  RouteKey: mostly(['$connect', '$disconnect', '$default', 'a', 'b c', 'd'], pieces('a', '$connect')),
  target: fc.nat(3),
  authorizer: maybe(fc.nat(1)),
  AuthorizationType: oneOf('NONE', 'AWS_IAM'),
  RouteResponseSelectionExpression: maybe(oneOf('$default', '\\$default')),
  ModelSelectionExpression: maybe(selection),
  RequestModels: fc.dictionary(oneOf('$default', 'a'), oneOf('Pet', 'Order'), { maxKeys: 2 }),
  RequestParameters: fc.dictionary(
    oneOf('route.request.querystring.q', 'route.request.header.h', 'route.request.multivalueheader.m'),
    fc.record({ Required: fc.boolean() }),
    { maxKeys: 2 },
  ),
});
