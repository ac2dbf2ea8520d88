// What the whole documents of spec/openapi.md §15 define, in short.
import type { Definition } from '../definition.ts';
import { invocationUri, LAMBDA, textsOf } from './documents.test.support.ts';

export const X = 'x-amazon-apigateway-';
export const INT = `${X}integration`;

/** A definition in short: routes as rows, without places. */
export function inShort({
  api,
  cors,
  tags,
  authorizers,
  operations,
  info,
  warnings,
  schemas,
}: Definition): object {
  return {
    api,
    cors: cors?.given,
    tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
    authorizers: authorizers.map(({ given }) => given),
    operations: operations.map(({ routeKey, operationName, authorization, integration }) => [
      routeKey,
      operationName,
      authorizationInShort(authorization),
      integration?.shared ?? integration?.given,
    ]),
    info: textsOf(info).map((text) => text.replace(' will be ignored by API Gateway', '')),
    warnings: textsOf(warnings),
    schemas: Object.keys(schemas),
  };
}

function authorizationInShort(authorization: Definition['operations'][number]['authorization']): string {
  switch (authorization.kind) {
    case 'none':
      return 'NONE';
    case 'iam':
      return 'AWS_IAM';
    case 'authorizer':
      return [authorization.name, ...authorization.scopes].join(' ');
    default:
      return authorization.refusal;
  }
}

export const http = (method: string, uri: string, more: object = {}): object => ({
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: method,
  IntegrationUri: uri,
  PayloadFormatVersion: '1.0',
  ...more,
});
export const lambda = (name: string, more: object = {}): object => ({
  ...LAMBDA,
  IntegrationUri: invocationUri(name),
  ...more,
});
export const ignored = (key: string, ...places: readonly string[]): readonly string[] =>
  places.map((place) => `${place}: key [${key}]`);
