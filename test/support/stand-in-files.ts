// What a template names on the disk of whoever wrote it, made up: handlers that write down that they were called and answer with
// their event, a document where one is included, a value for each parameter that has none.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readTemplate } from '../../src/definitions/read-template.ts';
import { Sources } from '../../src/definitions/sources.ts';
import { memberOf, type Node, textOf } from '../../src/tree/node.ts';
import { zipOf } from './zip.ts';

export interface StandInMeans {
  /** Where the template is. */
  readonly directory: string;
  /** A line with the name of the function is added for each call. */
  readonly calls: string;
  /** Where included documents lead. */
  readonly backend: string;
}

const FUNCTIONS = ['AWS::Serverless::Function', 'AWS::Lambda::Function'];

/** Values for the parameters that have none. Throws TemplateError. */
export async function standIn(text: string, means: StandInMeans): Promise<Record<string, string>> {
  const root = readTemplate({ name: 'template.yaml', text }, new Sources());
  const shared = memberOf(memberOf(root, 'Globals'), 'Function');
  for (const [, { value: resource }] of membersOf(memberOf(root, 'Resources'))) {
    if (FUNCTIONS.includes(textOf(memberOf(resource, 'Type')) ?? ''))
      await standInCode(resource, shared, means);
  }
  for (const location of includesIn(root)) {
    await write(join(means.directory, location), includedDocument(means.backend));
  }
  return Object.fromEntries(
    membersOf(memberOf(root, 'Parameters')).flatMap(([name, { value }]) =>
      memberOf(value, 'Default') === undefined
        ? [[name, valueFor(textOf(memberOf(value, 'Type')) ?? '')]]
        : [],
    ),
  );
}

async function standInCode(resource: Node, shared: Node | undefined, means: StandInMeans): Promise<void> {
  const properties = memberOf(resource, 'Properties');
  const property = (name: string): string | undefined =>
    textOf(memberOf(properties, name)) ?? textOf(memberOf(shared, name));
  const handler = property('Handler');
  const file = fileOf(handler ?? '', property('Runtime') ?? '', means.calls);
  const isElsewhere = ['InlineCode', 'ImageUri', 'Code'].some(
    (name) => memberOf(properties, name)?.kind !== undefined,
  );
  const code = property('CodeUri') ?? textOf(memberOf(properties, 'Code')) ?? (isElsewhere ? undefined : '.');
  if (file === undefined || code === undefined || code.includes('://')) return;
  const place = join(means.directory, code);
  if (place.endsWith('.zip')) await write(place, zipOf([{ name: file.name, content: file.text }]));
  else await write(join(place, file.name), file.text);
}

interface File {
  readonly name: string;
  readonly text: string;
}

/** Undefined for what does not run here. */
function fileOf(handler: string, runtime: string, calls: string): File | undefined {
  const dot = handler.lastIndexOf('.');
  if (dot === -1) return undefined;
  const [path, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  if (runtime.startsWith('nodejs')) return { name: `${path}.js`, text: nodeHandler(name, calls) };
  if (runtime.startsWith('python'))
    return { name: `${path.replaceAll('.', '/')}.py`, text: pythonHandler(name, calls) };
  return undefined;
}

/** Authorizers let everybody in, whichever way they are asked. */
const nodeHandler = (name: string, calls: string): string => `
exports.${name} = async (event) => {
  require('node:fs').appendFileSync(${JSON.stringify(calls)}, process.env.AWS_LAMBDA_FUNCTION_NAME + '\\n');
  if (event.type === 'REQUEST') return {
    isAuthorized: true, principalId: 'somebody',
    policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }] },
  };
  return { statusCode: 200, body: JSON.stringify(event) };
};
`;

const pythonHandler = (name: string, calls: string): string => `
import json, os

def ${name}(event, context):
    with open(${JSON.stringify(calls)}, 'a') as calls:
        calls.write(os.environ['AWS_LAMBDA_FUNCTION_NAME'] + '\\n')
    if event.get('type') == 'REQUEST':
        return {
            'isAuthorized': True, 'principalId': 'somebody',
            'policyDocument': {'Version': '2012-10-17', 'Statement': [
                {'Effect': 'Allow', 'Action': 'execute-api:Invoke', 'Resource': '*'}]},
        }
    return {'statusCode': 200, 'body': json.dumps(event)}
`;

/** Local locations of AWS::Include, wherever. */
function includesIn(node: Node): readonly string[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'list') return node.items.flatMap(includesIn);
  const location = textOf(memberOf(memberOf(memberOf(node, 'Fn::Transform'), 'Parameters'), 'Location'));
  if (location !== undefined && !location.includes('://')) return [location];
  return [...node.members.values()].flatMap(({ value }) => includesIn(value));
}

const includedDocument = (backend: string): string => `openapi: 3.0.1
info: { title: included, version: '1.0' }
paths:
  /included:
    get:
      responses: { default: { description: whatever } }
      x-amazon-apigateway-integration: { type: http_proxy, httpMethod: GET, uri: ${backend}, payloadFormatVersion: '1.0' }
`;

function valueFor(type: string): string {
  if (type === 'Number') return '1';
  return /^List<|CommaDelimitedList/.test(type) ? 'value-a,value-b' : 'value';
}

function membersOf(node: Node | undefined): [string, { readonly value: Node }][] {
  return node?.kind === 'map' ? [...node.members] : [];
}

async function write(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
