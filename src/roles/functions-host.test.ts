// Functions of stacks, as documents of the store and as postern.yaml has it (spec/definitions.md §7.1).
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ACCOUNT, REGION, testSettings } from '../../test/support/postern.ts';
import { openTestStore } from '../../test/support/test-store.ts';
import { createLambdaFunctions } from '../backends/lambda/lambda-functions.ts';
import type { LambdaFunction } from '../backends/lambda-function.ts';
import { SYSTEM_CLOCK } from '../clock.ts';
import type { FunctionDocument } from '../config/function-document.ts';
import { functionKeyOf } from '../config/keys.ts';
import type { FunctionArn } from '../grammar/arn.ts';
import { parseConfig } from '../settings/config-file.ts';
import type { Settings } from '../settings/settings.ts';
import type { Store } from '../store/store.ts';
import { type FunctionsHost, openFunctionsHost } from './functions-host.ts';

const PLACE = { account: ACCOUNT, region: REGION };
const HANDLER = 'export const handler = async () => ({ from: FROM, a: process.env.A, b: process.env.B });';

interface Stand {
  readonly directory: string;
  readonly store: Store;
  readonly host: FunctionsHost;
  put(name: string, changes?: Partial<FunctionDocument>): Promise<void>;
  /** Takes the text of another postern.yaml over. */
  configure(yaml: string): Promise<void>;
  /** What the answer says: `template a undefined`; undefined where nobody answers. */
  answer(name: string, of?: Partial<FunctionArn>): Promise<string | undefined>;
}

async function openStand(t: TestContext): Promise<Stand> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-host-'));
  for (const from of ['template', 'stack', 'settings']) {
    await writeFile(join(directory, `${from}.mjs`), HANDLER.replace('FROM', JSON.stringify(from)));
  }
  const store = await openTestStore(t);
  const means = { log: () => {}, clock: SYSTEM_CLOCK, requestLog: undefined, documents: store };
  const settings = testSettings(directory);
  const host = await openFunctionsHost({ ...means, settings });
  t.after(async () => {
    await host.close(0);
    await rm(directory, { recursive: true });
  });
  const documentOf = (name: string): FunctionDocument => ({
    Account: ACCOUNT,
    Region: REGION,
    FunctionName: name,
    StackName: 'pets',
    LogicalId: 'Fn',
    Environment: { A: 'a' },
    Code: {
      Runtime: 'nodejs',
      File: join(directory, 'template'),
      Export: 'handler',
      Handler: 'template.handler',
      TaskRoot: directory,
      Watch: [],
    },
  });
  return {
    directory,
    store,
    host,
    async put(name, changes) {
      await store.transact((tx) =>
        tx.put(functionKeyOf(PLACE, name), { ...documentOf(name), ...changes } as object as Record<
          string,
          unknown
        >),
      );
      assert.equal(await host.functions.caughtUp(), true);
    },
    async configure(yaml) {
      const { sections } = parseConfig(yaml, 'postern.yaml', directory);
      const next: Settings = { ...settings, sections };
      for (const part of [host.live.functions, host.live.stacks]) await part?.prepare?.(next);
      for (const part of [host.live.functions, host.live.stacks]) part?.apply(next);
    },
    async answer(name, of) {
      const arn = { partition: 'aws', ...PLACE, name, qualifier: undefined, ...of };
      const found = host.functions.find(arn);
      return found && said(found);
    },
  };
}

async function said(found: LambdaFunction): Promise<string> {
  const outcome = await found.invoke({
    event: '{}',
    type: 'RequestResponse',
    timeoutInMillis: 30_000,
    requestId: 'r',
    traceId: undefined,
  });
  if (outcome.kind !== 'returned') return outcome.kind;
  const { from, a, b } = JSON.parse(outcome.payload);
  return `${from} ${a} ${b}`;
}

test('a function of a stack is found by name, version and alias in its account and region alone', async (t) => {
  const { put, answer, store, host } = await openStand(t);
  assert.equal(await answer('hello'), undefined);
  await put('hello');
  assert.deepEqual(host.functions.names, [`arn:aws:lambda:${REGION}:${ACCOUNT}:function:hello`]);
  assert.equal(await answer('hello'), 'template a undefined');
  assert.equal(await answer('hello', { qualifier: '1' }), 'template a undefined');
  assert.equal(await answer('hello', { qualifier: 'live' }), 'template a undefined');
  assert.equal(await answer('hello', { region: 'eu-west-3' }), undefined);
  assert.equal(await answer('hello', { account: '999999999999' }), undefined);
  await store.transact((tx) => tx.delete(functionKeyOf(PLACE, 'hello')));
  assert.equal(await host.functions.caughtUp(), true);
  assert.equal(await answer('hello'), undefined);
});

test('stacks.NAME.functions answers before functions, functions before the template (Choice D34)', async (t) => {
  const { put, answer, configure } = await openStand(t);
  await put('hello');
  await configure('functions: { hello: { file: settings.mjs } }');
  assert.equal(await answer('hello'), 'settings undefined undefined');
  await configure('functions: { "hello:live": { file: settings.mjs } }');
  assert.equal(await answer('hello'), 'template a undefined');
  assert.equal(await answer('hello', { qualifier: 'live' }), 'settings undefined undefined');
  await configure(`functions: { hello: { file: settings.mjs } }
stacks: { pets: { functions: { Fn: { file: stack.mjs, environment: { B: b } } } } }`);
  assert.equal(await answer('hello'), 'stack a b', 'with the variables of the template');
  await configure('stacks: { "*": { functions: { Fn: { file: stack.mjs, environment: { A: c } } } } }');
  assert.equal(await answer('hello'), 'stack c undefined');
  await configure('stacks: { other: { functions: { Fn: { file: stack.mjs } } } }');
  assert.equal(await answer('hello'), 'template a undefined');
});

test('a function without code here is nobody’s until settings name some (row 87)', async (t) => {
  const { put, answer, configure, store, directory } = await openStand(t);
  await put('hello', {});
  await store.transact(async (tx) => {
    const { Code: _, ...rest } = (await tx.get(functionKeyOf(PLACE, 'hello')))!;
    await tx.put(functionKeyOf(PLACE, 'hello'), rest);
  });
  await put('other');
  assert.equal(await answer('hello'), undefined);
  await configure(`stacks: { pets: { functions: { Fn: { file: ${directory}/stack.mjs } } } }`);
  assert.equal(await answer('hello'), 'stack a undefined');
});

test('who found a function calls what is there at the time of the call', async (t) => {
  const { put, configure, store, host } = await openStand(t);
  const elsewhere: LambdaFunction = { invoke: async () => ({ kind: 'throttled' }) };
  const functions = createLambdaFunctions(host.functions, { find: () => elsewhere, close() {} });
  const arn = { partition: 'aws', ...PLACE, name: 'hello', qualifier: undefined };
  const found = functions.find(arn, undefined, undefined);
  assert.equal(await said(found), 'throttled');
  await put('hello');
  assert.equal(await said(found), 'template a undefined');
  await put('hello', { Environment: { A: 'other' } });
  assert.equal(await said(found), 'template other undefined');
  await configure('functions: { hello: { file: settings.mjs } }');
  assert.equal(await said(found), 'settings undefined undefined');
  await configure('');
  await store.transact((tx) => tx.delete(functionKeyOf(PLACE, 'hello')));
  assert.equal(await host.functions.caughtUp(), true);
  assert.equal(await said(found), 'throttled');
});
