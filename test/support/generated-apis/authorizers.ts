// Authorizers of generated APIs.
import fc from 'fast-check';
import { credentials, functionUri, type Input, maybe, mostly, oneOf, pieces } from './texts.ts';

const identitySource = (sound: readonly string[]) =>
  mostly(sound, pieces('$request.header.', 'a', '$context.', 'route.request.'));
const httpIdentity = identitySource([
  '$request.header.Authorization',
  '$request.querystring.token',
  '$context.identity.sourceIp',
  '$stageVariables.host',
]);
const socketIdentity = identitySource([
  'route.request.header.Auth',
  'route.request.querystring.q',
  'context.connectionId',
  'stageVariables.host',
]);
const jwtAuthorizer: fc.Arbitrary<Input> = fc.record({
  Name: fc.constant('jwt'),
  AuthorizerType: fc.constant('JWT'),
  IdentitySource: fc.array(identitySource(['$request.header.Authorization', '$request.querystring.token']), {
    minLength: 1,
    maxLength: 1,
  }),
  JwtConfiguration: fc.record({
    Issuer: mostly(
      ['https://issuer.example.com', 'https://issuer.example.com/a'],
      oneOf('not a url', 'https://a?b'),
    ),
    Audience: fc.array(oneOf('a', 'b'), { minLength: 1, maxLength: 2 }),
  }),
});
const lambdaAuthorizer = (
  source: fc.Arbitrary<string>,
  more: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<Input> =>
  fc.record({
    Name: fc.constant('fn'),
    AuthorizerType: fc.constant('REQUEST'),
    AuthorizerUri: functionUri,
    AuthorizerCredentialsArn: credentials,
    IdentitySource: fc.array(source, { minLength: 1, maxLength: 2 }),
    ...more,
  });
export const httpAuthorizer = fc.oneof(
  jwtAuthorizer,
  lambdaAuthorizer(httpIdentity, {
    AuthorizerPayloadFormatVersion: oneOf('1.0', '2.0'),
    AuthorizerResultTtlInSeconds: maybe(oneOf(0, 300)),
    EnableSimpleResponses: maybe(fc.boolean()),
  }),
);
export const socketAuthorizer = lambdaAuthorizer(socketIdentity, {});
