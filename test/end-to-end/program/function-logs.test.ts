// What functions write and throw, in the log of the program: one record a failure, `name │ text` on a terminal
// (docs/guide/lambda.md).
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type LoggedApi, makeApi } from '../../support/logged-api.ts';
import { type ProgramStand, type ProgramStandOptions, startProgram } from '../../support/program-stand.ts';

const FILES = {
  'postern.yaml': `functions:
  pets: { file: pets.mjs }
  late: { file: late.mjs }
  broken: { file: broken.mjs }
  snake: { file: snake.py }
`,
  'pets.mjs': `function find(id) {
  throw new TypeError('no pet ' + id);
}
export const handler = async ({ rawPath }) => {
  console.log('looking\\nfor \\x1b[31m%s\\x1b[0m\\x07', rawPath);
  return find(7);
};`,
  'late.mjs': `export const handler = async () => {
  setTimeout(() => { throw new Error('too late'); }, 20);
  return 'ok';
};`,
  'broken.mjs': `throw new Error('not today');`,
  'snake.py': `def handler(event, context):
  raise ValueError("no snake")
`,
};

async function stand(
  t: Parameters<typeof startProgram>[0],
  options: ProgramStandOptions,
): Promise<{ program: ProgramStand; apis: Readonly<Record<string, LoggedApi>> }> {
  const program = await startProgram(t, ['--config', 'postern.yaml'], {
    ...options,
    prepare: (cwd) =>
      Promise.all(Object.entries(FILES).map(([name, text]) => writeFile(join(cwd, name), text))),
  });
  const apis: Record<string, LoggedApi> = {};
  for (const name of ['pets', 'late', 'broken', 'snake']) {
    apis[name] = await makeApi(program, {
      integration: {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
        PayloadFormatVersion: '2.0',
        IntegrationMethod: 'POST',
      },
      routes: [{ RouteKey: '$default' }],
    });
  }
  return { program, apis };
}

/** By function: reason and first place of each failure. */
const EXPECTED: Readonly<Record<string, readonly [reason: string, place: RegExp]>> = {
  pets: [
    'TypeError: no pet 7',
    /^TypeError: no pet 7\n {4}at find \(.*pets\.mjs:2:9\)\n {4}at .*pets\.mjs:6:10\)$/,
  ],
  late: ['Error: too late', /^Error: too late\n {4}at .*late\.mjs:2:28\)?$/],
  broken: ['Error: not today', /^Error: not today\n {4}at .*broken\.mjs:1:7$/],
  snake: [
    'ValueError: no snake',
    /^Traceback .*\n {2}File ".*snake\.py", line 2, in handler\n.*\nValueError: no snake$/s,
  ],
};

test('JSON: what was thrown is one record with its stack', async (t) => {
  const { program, apis } = await stand(t, {});
  for (const [name, [reason, place]] of Object.entries(EXPECTED)) {
    await apis[name]!.send('GET /pets/7');
    const record = JSON.parse(await program.program.line(`"reason":"${reason}"`));
    assert.deepEqual([record.level, record.function, record.msg], ['warn', name, 'a function failed']);
    assert.match(record.stack, place);
  }
  const lines = (await program.program.stop()).stdout.split('\n');
  for (const [reason] of Object.values(EXPECTED)) {
    const about = lines.filter((line) => line.includes(reason) && line.includes('a function failed'));
    assert.equal(about.length, 1, `${reason}:\n${about.join('\n')}`);
    const pieces = lines.filter((line) => line.includes('function output') && line.includes(reason));
    assert.deepEqual(pieces, []);
  }
  const output = lines
    .filter((line) => line.includes('"function output"'))
    .map((line) => JSON.parse(line).line);
  assert.deepEqual(output, ['looking', 'for \x1b[31m/pets/7\x1b[0m\x07']);
});

test('on a terminal: lines of the function, and a closing line with the message', async (t) => {
  const { program, apis } = await stand(t, { terminal: true, environment: { TERM: 'dumb' } });
  await apis.pets!.send('GET /pets/7');
  await program.program.line('500   GET');
  const lines = program.program.lines.slice(program.program.lines.findIndex((line) => line.includes('│')));
  assert.deepEqual(lines.slice(0, 3), [
    'pets │ looking',
    'pets │ for \x1b[31m/pets/7\x1b[0m\\x07',
    'pets │ TypeError: no pet 7',
  ]);
  assert.match(lines[3]!, /^pets │ {5}at find \(.*pets\.mjs:2:9\)$/);
  assert.match(lines[4]!, /^pets │ {5}at .*pets\.mjs:6:10\)$/);
  assert.match(lines[5]!, /^\S+ warn {2}a function failed function=pets .*reason=TypeError: no pet 7$/);
  assert.match(lines[6]!, /^\S+ 500 {3}GET {2}\/pets\/7 .*: TypeError: no pet 7 requestId=/);
  assert.equal(lines.length, 7);
});
