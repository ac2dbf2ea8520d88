// What settings and environment say of the world around stacks (spec/definitions.md §6.2, §6.3, §7.1.2, §7.7).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReach } from '../backends/aws/reach.ts';
import { parseConfig } from '../settings/config-file.ts';
import { stackSurroundings } from './stack-surroundings.ts';

const SERVICE = 'arn:aws:servicediscovery:us-east-1:000000000000:service/srv-1';
const ARN = {
  partition: 'aws',
  region: 'us-east-1',
  account: '000000000000',
  name: 'f',
  qualifier: undefined,
};

interface Row {
  readonly yaml?: string;
  readonly environment?: { readonly [name: string]: string };
  readonly ask: (of: ReturnType<typeof stackSurroundings>) => unknown;
  readonly is: unknown;
}

const ROWS: readonly Row[] = [
  { ask: (of) => of.namesPrivateTarget(SERVICE), is: false },
  {
    yaml: `privateTargets: { "${SERVICE}?stage=prod": { targets: ["127.0.0.1:1"] } }`,
    ask: (of) => of.namesPrivateTarget(SERVICE),
    is: true,
  },
  { ask: (of) => of.serves('SQS'), is: false },
  { environment: { AWS_ENDPOINT_URL: 'http://a' }, ask: (of) => of.serves('SQS'), is: true },
  {
    environment: { AWS_ENDPOINT_URL_EVENTBRIDGE: 'http://a' },
    ask: (of) => of.serves('EVENTBRIDGE'),
    is: true,
  },
  { yaml: 'aws: [events]', ask: (of) => of.serves('EVENTBRIDGE'), is: true },
  { ask: (of) => of.namesIssuer('https://a'), is: false },
  {
    yaml: 'jwt: { issuers: { "https://a/": { address: "http://127.0.0.1:1" } } }',
    ask: (of) => of.namesIssuer('https://a'),
    is: true,
  },
  { ask: (of) => of.answers(ARN), is: undefined },
  {
    yaml: 'functions: { f: { file: package.json, runtime: nodejs } }',
    ask: (of) => of.answers(ARN),
    is: 'functions',
  },
  {
    yaml: 'functions: { "f:live": { file: package.json, runtime: nodejs } }',
    ask: (of) => of.answers(ARN),
    is: undefined,
  },
  { yaml: 'lambda: { endpoint: "http://a" }', ask: (of) => of.answers(ARN), is: 'lambda' },
  {
    yaml: 'lambda: { functions: { f: { endpoint: "http://a" } } }',
    ask: (of) => of.answers(ARN),
    is: 'lambda',
  },
  {
    yaml: 'lambda: { functions: { g: { endpoint: "http://a" } } }',
    ask: (of) => of.answers(ARN),
    is: undefined,
  },
  { environment: { AWS_ENDPOINT_URL_LAMBDA: 'http://a' }, ask: (of) => of.answers(ARN), is: 'lambda' },
  { ask: (of) => of.reachesAws, is: false },
  { environment: { AWS_ACCESS_KEY_ID: 'a' }, ask: (of) => of.reachesAws, is: true },
  { environment: { AWS_PROFILE: 'a', AWS_ENDPOINT_URL: 'http://a' }, ask: (of) => of.reachesAws, is: false },
];

test('what a definition leads to is somewhere, where settings or environment say so', () => {
  for (const { yaml = '', environment = {}, ask, is } of ROWS) {
    const { sections } = parseConfig(yaml, 'postern.yaml', process.cwd());
    const of = stackSurroundings(sections, createReach(sections.aws, environment), environment);
    assert.equal(ask(of), is, `${yaml} ${JSON.stringify(environment)} ${ask}`);
  }
});
