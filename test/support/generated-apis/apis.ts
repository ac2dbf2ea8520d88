// Generated APIs of both kinds, with a stage: what a client of the management API might send, sound mostly.
import fc from 'fast-check';
import { httpAuthorizer, socketAuthorizer } from './authorizers.ts';
import { httpIntegration, httpRoute } from './http-parts.ts';
import { FUNCTION, type Input, maybe, mostly, oneOf, pieces, ROLE, VARIABLES } from './texts.ts';
import {
  integrationResponse,
  model,
  routeSelection,
  socketIntegration,
  socketRoute,
} from './websocket-parts.ts';

const format = mostly(
  [
    '$context.requestId',
    '{"id":"$context.requestId","e":"$context.error.message"}',
    '$context.requestId $context.authorizer.claims.sub $context.nothing.at.all $$ ${x}',
  ],
  pieces('$context.requestId', '$context.status', '$context.integration.error'),
);
const throttled = fc.record(
  {
    ThrottlingBurstLimit: oneOf(0, 5),
    ThrottlingRateLimit: oneOf(0, 0.5, 100),
    DetailedMetricsEnabled: fc.boolean(),
    LoggingLevel: oneOf('OFF', 'ERROR', 'INFO'),
  },
  { requiredKeys: [] },
);
const stage: fc.Arbitrary<Input> = fc.record({
  StageVariables: fc.dictionary(
    fc.constantFrom(...VARIABLES.filter((name) => name !== 'gone')),
    fc.oneof(
      oneOf(
        '127.0.0.1:9',
        FUNCTION,
        ROLE.replace('/gateway', '/g'),
        'sqs:path/1/pets',
        'dynamodb:action/PutItem',
        'pets',
        '???',
        ':::',
        '//',
        'a:99999999',
        '.',
      ),
      fc.stringMatching(/^[A-Za-z0-9\-._:/?&=,]{1,12}$/),
    ),
    { maxKeys: 5 },
  ),
  DefaultRouteSettings: maybe(throttled),
  AccessLogSettings: maybe(
    fc.record({
      DestinationArn: fc.constant('arn:aws:logs:us-east-1:000000000000:log-group:pets'),
      Format: format,
    }),
  ),
});

/** An API of a kind with one stage. */
export const generatedApi = (protocol: 'HTTP' | 'WEBSOCKET') =>
  fc.record({
    protocol: fc.constant(protocol),
    api: fc.record(
      {
        RouteSelectionExpression:
          protocol === 'HTTP' ? fc.constant('$request.method $request.path') : routeSelection,
        ApiKeySelectionExpression: oneOf(
          '$request.header.x-api-key',
          '$context.authorizer.usageIdentifierKey',
        ),
        DisableExecuteApiEndpoint: fc.boolean(),
        ...(protocol === 'HTTP'
          ? {
              CorsConfiguration: fc.record(
                {
                  AllowOrigins: oneOf(['*'], ['https://a.example', 'http://*']),
                  AllowHeaders: oneOf([], ['*'], ['X-A']),
                  MaxAge: oneOf(-1, 0, 60),
                },
                { requiredKeys: [] },
              ),
            }
          : {}),
      },
      { requiredKeys: protocol === 'HTTP' ? [] : ['RouteSelectionExpression'] },
    ),
    models: fc.array(model, { maxLength: 2 }),
    authorizers: fc.array(protocol === 'HTTP' ? httpAuthorizer : socketAuthorizer, { maxLength: 2 }),
    integrations: fc.array(protocol === 'HTTP' ? httpIntegration : socketIntegration, {
      minLength: 1,
      maxLength: 4,
    }),
    responses: fc.array(integrationResponse, { maxLength: 3 }),
    routes: fc.array(protocol === 'HTTP' ? httpRoute : socketRoute, { minLength: 1, maxLength: 6 }),
    stage,
  });

export type GeneratedApi = ReturnType<typeof generatedApi> extends fc.Arbitrary<infer T> ? T : never;
