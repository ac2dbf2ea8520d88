// Definitions as tests write them, and what the store has of an API.

import { ACCOUNT, REGION } from '../../../test/support/postern.ts';
import { apiKeyOf, authorizersOf, integrationsOf, routesOf } from '../../config/keys.ts';
import type {
  DefinedAuthorization,
  DefinedAuthorizer,
  DefinedIntegration,
  DefinedOperation,
  DefinedTag,
  Definition,
} from '../../openapi/definition.ts';
import type { Document, ReadTransaction } from '../../store/store.ts';
import { listAll } from '../document-list.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:f';
export const LAMBDA = {
  IntegrationType: 'AWS_PROXY',
  IntegrationMethod: 'POST',
  IntegrationUri: FUNCTION,
  PayloadFormatVersion: '2.0',
};
export const HTTP = {
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'GET',
  IntegrationUri: 'https://be.example.com/x',
  PayloadFormatVersion: '1.0',
};
export const JWT = {
  AuthorizerType: 'JWT',
  IdentitySource: ['$request.header.Authorization'],
  JwtConfiguration: { Issuer: 'https://issuer.example.com', Audience: ['a'] },
};
export const REQUEST = {
  AuthorizerType: 'REQUEST',
  AuthorizerUri: FUNCTION,
  AuthorizerPayloadFormatVersion: '2.0',
};
const FUNCTION_URI = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;

export const inline = (given: DefinedIntegration['given'], shared?: string): DefinedIntegration => ({
  shared,
  given,
  offset: 5,
});

export function operation(
  routeKey: string,
  integration: DefinedIntegration | undefined = inline(LAMBDA),
  authorization: DefinedAuthorization = { kind: 'none' },
  more: Partial<DefinedOperation> = {},
): DefinedOperation {
  return {
    routeKey,
    offset: 7,
    operationName: undefined,
    authorization,
    integration,
    documentation: undefined,
    ...more,
  };
}

export const authorizer = (name: string, given: DefinedAuthorizer['given']): DefinedAuthorizer => ({
  name,
  given:
    'refusal' in given
      ? given
      : {
          Name: name,
          ...('AuthorizerUri' in given && { IdentitySource: [] }),
          ...given,
          ...('AuthorizerUri' in given && { AuthorizerUri: FUNCTION_URI }),
        },
  offset: 3,
});

export const by = (name: string, ...scopes: string[]): DefinedAuthorization => ({
  kind: 'authorizer',
  name,
  scopes,
});

export const definition = (parts: Partial<Definition>): Definition => ({
  api: { Name: 'T', Version: '1' },
  apiOffset: 1,
  cors: undefined,
  tags: [],
  authorizers: [],
  operations: [],
  info: [],
  warnings: [],
  schemas: {},
  ...parts,
});

export const tag = (key: string, value = ''): DefinedTag => ({ key, value, offset: 2 });

export interface State {
  readonly api: Document;
  readonly routes: readonly Document[];
  readonly integrations: readonly Document[];
  readonly authorizers: readonly Document[];
}

export async function stateOf(tx: ReadTransaction, apiId: string): Promise<State> {
  const apiKey = apiKeyOf({ account: ACCOUNT, region: REGION }, apiId);
  return {
    api: (await tx.get(apiKey))!,
    routes: await listAll(tx, routesOf(apiKey)),
    integrations: await listAll(tx, integrationsOf(apiKey)),
    authorizers: await listAll(tx, authorizersOf(apiKey)),
  };
}

/** Routes as the spec's tables write them: `GET /a`, `GET /b → –` without target, with the type of authorization behind. */
export function routesIn({ routes: made, authorizers: known }: State): string[] {
  return made.map(
    ({ RouteKey, Target, AuthorizationType, AuthorizerId, AuthorizationScopes, OperationName }) => {
      const who = known.find((each) => each.AuthorizerId === AuthorizerId);
      return [
        RouteKey,
        ...(Target === undefined ? ['→ –'] : []),
        ...(AuthorizationType === 'NONE' ? [] : [AuthorizationType]),
        ...(who === undefined ? [] : [who.Name]),
        ...((AuthorizationScopes as string[]) ?? []),
        ...(OperationName === undefined ? [] : [`(${String(OperationName)})`]),
      ].join(' ');
    },
  );
}
