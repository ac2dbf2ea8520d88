// Python functions and bootstraps of one's own through real processes and the Lambda Runtime API.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, …/python-handler.html
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { execPath } from 'node:process';
import { test } from 'node:test';
import { ARN, startFunctions } from '../../test/support/functions.ts';
import { MAX_INVOKE_BYTES } from '../backends/lambda-function.ts';

test('Python handlers answer, found as Lambda finds them', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.py':
        'from lib.twice import twice\ndef handler(event, context):\n  return {"got": twice(event["n"]), "é": "€𝄞"}',
      'lib/twice.py': 'def twice(n):\n  return n * 2',
      'src/b.py': 'from lib.twice import twice\ndef get(event, context):\n  return twice(event["n"])',
    },
    `functions:
  a: { handler: a.handler }
  slash: { handler: src/b.get }
  dots: { handler: src.b.get }
  file: { file: a.py }`,
  );
  assert.deepEqual(await f.answer('a', { n: 21 }), { got: 42, é: '€𝄞' });
  assert.equal(await f.answer('slash', { n: 1 }), 2);
  assert.equal(await f.answer('dots', { n: 2 }), 4);
  assert.deepEqual(await f.answer('file', { n: 3 }), { got: 6, é: '€𝄞' });
});

test('the Python context and environment are Lambda’s, memory is kept', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.py': `import os
n = 0
def handler(event, context):
  global n
  n += 1
  return { 'n': n, 'name': context.function_name, 'version': context.function_version, 'arn': context.invoked_function_arn,
    'memory': context.memory_limit_in_mb, 'id': context.aws_request_id, 'group': context.log_group_name,
    'left': context.get_remaining_time_in_millis(), 'identity': context.identity.cognito_identity_id,
    'trace': os.environ.get('_X_AMZN_TRACE_ID'), 'table': os.environ.get('TABLE'), 'cwd': os.getcwd() }`,
    },
    'functions: { a: { handler: a.handler, memory: 512, timeout: 9, environment: { TABLE: pets } } }',
  );
  const outcome = await f.call('a', {}, { traceId: 'Root=1-5e1b4151-5ac6c58f5b5daa6532d2e6a7' });
  assert.equal(outcome.kind, 'returned');
  const { left, ...rest } = JSON.parse(outcome.kind === 'returned' ? outcome.payload : '');
  assert.ok(left > 0 && left <= 9_000, String(left));
  assert.deepEqual(rest, {
    n: 1,
    name: 'a',
    version: '$LATEST',
    arn: `${ARN}a`,
    memory: '512',
    id: outcome.kind === 'returned' ? outcome.awsRequestId : '',
    group: '/aws/lambda/a',
    identity: null,
    trace: 'Root=1-5e1b4151-5ac6c58f5b5daa6532d2e6a7',
    table: 'pets',
    cwd: f.directory,
  });
  const { n, trace } = (await f.answer('a')) as { n: number; trace: unknown };
  assert.deepEqual([n, trace], [2, null]);
});

test('Python errors are the documents of Lambda', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.py': `import sys, os, time
class PetError(Exception): pass
def handler(event, context):
  if event == 'raises': raise PetError('no pet')
  if event == 'marshal': return {1, 2}
  if event == 'exit': sys.exit(4)
  if event == 'abort': os.abort()
  if event == 'sleep': time.sleep(1000)
  return os.getpid()`,
      'syntax.py': 'def handler(event, context)\n  pass',
      'missing.py': 'import no_such_module\ndef handler(event, context): pass',
      'raises.py': 'raise ValueError("at load")',
    },
    `functions:
  a: { handler: a.handler, timeout: 0.5 }
  syntax: { handler: syntax.handler }
  missing: { handler: missing.handler }
  raises: { handler: raises.handler }
  other: { handler: a.other }`,
  );
  const rows: readonly (readonly [name: string, event: string, errorType: string, message: RegExp])[] = [
    ['a', 'raises', 'PetError', /^no pet$/],
    [
      'a',
      'marshal',
      'Runtime.MarshalError',
      /^Unable to marshal response: Object of type set is not JSON serializable$/,
    ],
    ['a', 'exit', 'Runtime.ExitError', /Error: Runtime exited with error: exit status 4$/],
    ['a', 'abort', 'Runtime.ExitError', /Error: Runtime exited with error: signal: aborted$/],
    ['a', 'sleep', 'Sandbox.Timedout', /Error: Task timed out after 0\.50 seconds$/],
    ['syntax', '', 'Runtime.UserCodeSyntaxError', /^Syntax error in module 'syntax': /],
    [
      'missing',
      '',
      'Runtime.ImportModuleError',
      /^Unable to import module 'missing': No module named 'no_such_module'$/,
    ],
    ['raises', '', 'ValueError', /^at load$/],
    ['other', '', 'Runtime.HandlerNotFound', /^Handler 'other' missing on module 'a'$/],
  ];
  for (const [name, event, errorType, message] of rows) {
    const failure = await f.failure(name, event);
    assert.equal(failure.errorType, errorType, `${name} ${event}`);
    assert.match(failure.errorMessage, message);
    if (event === 'raises') {
      assert.deepEqual(failure.stackTrace, [
        `  File "${f.directory}/a.py", line 4, in handler\n    if event == 'raises': raise PetError('no pet')\n`,
      ]);
    }
  }
  assert.equal(typeof (await f.answer('a')), 'number');
});

test('Python output is logged with the ids of its call, in order', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.py': `import logging, sys
print('loading')
def handler(event, context):
  print('one', event['n'])
  logging.getLogger().warning('two')
  sys.stdout.write('three')
  return event['n']`,
    },
    'functions: { a: { handler: a.handler, concurrency: 2 } }',
  );
  const calls = [];
  for (let n = 0; n < 20; n++) calls.push(f.answer('a', { n }, { requestId: `request-${n}` }));
  await Promise.all(calls);
  const lines = f.logged.filter((line) => line.message === 'function output');
  for (let n = 0; n < 20; n++) {
    const own = lines.filter((line) => line.requestId === `request-${n}`).map((line) => line.line);
    assert.deepEqual(own, [`one ${n}`, '[WARNING] two', 'three']);
  }
});

test('Python takes and gives up to the limit', async (t) => {
  const f = await startFunctions(
    t,
    {
      'a.py':
        'def handler(event, context):\n  return "x" * event["size"] if "size" in event else len(event["text"])',
    },
    'functions: { a: { handler: a.handler, timeout: 30 } }',
  );
  const frame = '{"text":""}'.length;
  assert.equal(await f.answer('a', { text: 'x'.repeat(MAX_INVOKE_BYTES - frame) }), MAX_INVOKE_BYTES - frame);
  assert.equal(
    ((await f.answer('a', { size: MAX_INVOKE_BYTES - 2 })) as string).length,
    MAX_INVOKE_BYTES - 2,
  );
  const failure = await f.failure('a', { size: MAX_INVOKE_BYTES - 1 });
  assert.equal(failure.errorType, 'Function.ResponseSizeTooLarge');
});

const SHELL_BOOTSTRAP = `#!/bin/sh
set -e
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
headers=$(mktemp)
while true; do
  event=$(curl -sS -D "$headers" "$api/invocation/next")
  id=$(grep -i '^lambda-runtime-aws-request-id:' "$headers" | tr -d '\\r' | cut -d' ' -f2)
  curl -sS -o /dev/null -d "{\\"handler\\":\\"$_HANDLER\\",\\"event\\":$event}" "$api/invocation/$id/response"
done
`;

/** A runtime in Node.js that does to the Runtime API what the event says, and answers with what it got. */
const NODE_BOOTSTRAP = `#!${execPath}
const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime';
const post = async (path, body, headers) => {
  const reply = await fetch(api + path, { method: 'POST', body, headers });
  return { status: reply.status, body: await reply.json() };
};
(async () => {
  for (;;) {
    const next = await fetch(api + '/invocation/next');
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const event = await next.json();
    const facts = { headers: [...next.headers.keys()].filter((name) => name.startsWith('lambda-')), api: process.env.AWS_LAMBDA_RUNTIME_API };
    const own = '/invocation/' + id;
    if (event === 'facts') await post(own + '/response', JSON.stringify(facts));
    else if (event === 'error') console.log(JSON.stringify(await post(own + '/error', '{"errorMessage":"no","errorType":"Own.Error"}')));
    else if (event === 'nameless') await post(own + '/error', '', { 'Lambda-Runtime-Function-Error-Type': 'Own.Nameless' });
    else if (event === 'large') await post(own + '/response', 'x'.repeat(${MAX_INVOKE_BYTES} + 1)).catch(() => undefined);
    else if (event === 'text') await post(own + '/response', 'no JSON');
    else if (event === 'other') {
      const wrong = await post('/invocation/00000000-0000-0000-0000-000000000000/response', '1');
      const nowhere = await post('/nowhere', '1');
      await post(own + '/response', JSON.stringify([wrong, nowhere]));
    } else if (event === 'twice') {
      await post(own + '/response', '1');
      console.log(JSON.stringify(await post(own + '/response', '2')));
    }
  }
})();
`;

test('a bootstrap in shell, by itself or by its directory', async (t) => {
  const f = await startFunctions(
    t,
    { 'code/bootstrap': SHELL_BOOTSTRAP },
    `functions:
  directory: { file: code, handler: main.run }
  itself: { handler: code/bootstrap }`,
  );
  assert.deepEqual(await f.answer('directory', { n: 'é' }), { handler: 'main.run', event: { n: 'é' } });
  assert.deepEqual(await f.answer('directory', [1]), { handler: 'main.run', event: [1] });
  assert.deepEqual(await f.answer('itself', 1), { handler: 'bootstrap', event: 1 });
});

test('the Runtime API answers as Lambda’s, to bootstraps that are right and wrong', async (t) => {
  const f = await startFunctions(
    t,
    { bootstrap: NODE_BOOTSTRAP },
    'functions: { a: { file: bootstrap, concurrency: 1, timeout: 20 } }',
  );
  const { headers } = (await f.answer('a', 'facts', {
    traceId: 'Root=1-5e1b4151-5ac6c58f5b5daa6532d2e6a7',
  })) as {
    headers: string[];
  };
  assert.deepEqual(headers.sort(), [
    'lambda-runtime-aws-request-id',
    'lambda-runtime-deadline-ms',
    'lambda-runtime-invoked-function-arn',
    'lambda-runtime-trace-id',
  ]);
  assert.deepEqual(await f.failure('a', 'error'), { errorMessage: 'no', errorType: 'Own.Error' });
  assert.ok(await f.untilLogged('{\\"status\\":202,\\"body\\":{\\"status\\":\\"OK\\"}}'));
  assert.equal((await f.failure('a', 'nameless')).errorType, 'Own.Nameless');
  const text = await f.call('a', 'text');
  assert.equal(text.kind === 'returned' && text.payload, 'no JSON');
  assert.deepEqual(await f.answer('a', 'other'), [
    { status: 400, body: { errorMessage: 'Invalid request ID', errorType: 'InvalidRequestID' } },
    { status: 404, body: { errorMessage: 'No such resource', errorType: 'ResourceNotFound' } },
  ]);
  assert.equal(await f.answer('a', 'twice'), 1);
  assert.ok(await f.untilLogged('InvalidRequestID'));
  assert.equal((await f.failure('a', 'large')).errorType, 'Function.ResponseSizeTooLarge');
  assert.ok(await f.answer('a', 'facts'));
});

test('every instance has a Runtime API of its own, which is gone with it', async (t) => {
  const f = await startFunctions(
    t,
    { bootstrap: NODE_BOOTSTRAP },
    `functions:
  a: { file: bootstrap, timeout: 20 }
  b: { file: bootstrap, timeout: 20 }`,
  );
  const [a, b] = (await Promise.all([f.answer('a', 'facts'), f.answer('b', 'facts')])) as { api: string }[];
  assert.notEqual(a?.api, b?.api);
  await f.functions.close(0);
  const [host, port] = String(a?.api).split(':');
  const error = await new Promise((resolve) => {
    request({ host, port, path: '/2018-06-01/runtime/invocation/next' }, resolve).on('error', resolve).end();
  });
  assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
});

test('a proxy of the environment is not asked for the Runtime API', async (t) => {
  const f = await startFunctions(
    t,
    { 'code/bootstrap': SHELL_BOOTSTRAP },
    'functions: { a: { file: code } }',
    { ...NOWHERE, PATH: '/usr/bin:/bin' },
  );
  assert.deepEqual(await f.answer('a', 1), { handler: 'provided', event: 1 });
});

const NOWHERE = { http_proxy: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' };

test('a bootstrap that cannot start is told', async (t) => {
  const f = await startFunctions(
    t,
    {
      'error/bootstrap': `#!/bin/sh
curl -sS -o /dev/null -d '{"errorMessage":"no config","errorType":"Own.Init"}' "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/init/error"
exit 1
`,
      'exits/bootstrap': '#!/bin/sh\nexit 9\n',
      'nobody/bootstrap': '#!/no/such/interpreter\n',
    },
    `functions:
  error: { file: error }
  exits: { file: exits }
  nobody: { file: nobody }
  later: { handler: not/there/yet, runtime: provided }`,
  );
  assert.deepEqual(await f.failure('error'), { errorMessage: 'no config', errorType: 'Own.Init' });
  assert.match((await f.failure('exits')).errorMessage, /exit status 9$/);
  assert.equal((await f.failure('nobody')).errorType, 'Runtime.InvalidEntrypoint');
  assert.equal((await f.failure('later')).errorType, 'Runtime.InvalidEntrypoint');
});
