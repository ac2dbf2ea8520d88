// Documents of the rows of spec/openapi.md §14, and what is read of them.

import { readText } from '../../tree/read-text.ts';
import type { DefinedOperation, Definition, GivenMembers } from '../definition.ts';
import { readDefinition } from '../read-definition.ts';
import type { BasePathMode } from './base-path.ts';

export const ACCOUNT = '123456789012';

/** The invocation URI of a function (§0.3). */
export const invocationUri = (name = 'f'): string =>
  'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/' +
  `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}/invocations`;

type Flow = { readonly [member: string]: string };

/** Members as YAML, values as they are to be written. */
export const flow = (members: Flow): string =>
  `{${Object.entries(members)
    .map(([key, value]) => `${JSON.stringify(key)}: ${value}`)
    .join(', ')}}`;

/** `L` and `H` of §14. */
export const L: Flow = {
  type: 'aws_proxy',
  httpMethod: 'POST',
  uri: JSON.stringify(invocationUri()),
  payloadFormatVersion: '"2.0"',
};
export const H: Flow = {
  type: 'http_proxy',
  httpMethod: 'GET',
  uri: '"https://be.example.com/x"',
  payloadFormatVersion: '"1.0"',
};

/** `L` as CreateIntegration has it. */
export const LAMBDA: GivenMembers = {
  IntegrationType: 'AWS_PROXY',
  IntegrationMethod: 'POST',
  IntegrationUri: invocationUri(),
  PayloadFormatVersion: '2.0',
};

export const HEAD = 'openapi: "3.0.1"\ninfo: {title: T, version: "1"}\n';

/** The fixture with these paths, in flow YAML, and other members of the root. */
export const withPaths = (paths: string, ...members: readonly string[]): string =>
  [`${HEAD}paths: {${paths}}`, ...members].join('\n');

/** The fixture with one operation, `GET /a`. */
export const withOperation = (operation: string, ...members: readonly string[]): string =>
  withPaths(`/a: {get: {responses: {default: {description: d}}, ${operation}}}`, ...members);

export const withIntegration = (integration: string, ...members: readonly string[]): string =>
  withOperation(`x-amazon-apigateway-integration: ${integration}`, ...members);

export async function read(text: string, basePath: BasePathMode = 'ignore'): Promise<Definition> {
  const root = readText(text);
  return readDefinition(root, { account: ACCOUNT, region: 'us-east-1', partition: 'aws', basePath });
}

/** The one operation of a document. */
export async function readOperation(text: string): Promise<DefinedOperation> {
  const { operations } = await read(text);
  if (operations.length !== 1) throw new Error(`${operations.length} operations`);
  return operations[0]!;
}

export const textsOf = (lines: readonly { readonly text: string }[]): readonly string[] =>
  lines.map(({ text }) => text);
