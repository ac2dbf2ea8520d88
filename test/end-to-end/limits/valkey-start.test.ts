// A Valkey that cannot be used is told at the start, before any request needs it, and by `postern doctor`; and so is that it can be again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValkeyStand, valkeyProgram } from '../../cluster/stand/valkey.ts';
import { freePort } from '../../support/free-port.ts';
import { runProgram } from '../../support/program.ts';
import { startProgram } from '../../support/program-stand.ts';
import { NO_VALKEY } from '../../support/valkey-server.ts';

const SECRET = 'a-secret-of-the-server';
const WRONG = 'another-secret';
const name = valkeyProgram();

test('limits.apart and limits.shared come without a request, and doctor says what to do', {
  skip: name === undefined && NO_VALKEY,
}, async (t) => {
  const port = await freePort();
  const server = new ValkeyStand(name!, '127.0.0.1', port, ['--requirepass', SECRET]);
  const refusing = new ValkeyStand(name!, '127.0.0.1', port, ['--requirepass', WRONG]);
  t.after(() => Promise.all([server.close(), refusing.close()]));
  await refusing.start();
  const environment = { POSTERN_CLUSTER_VALKEY: `redis://:${SECRET}@127.0.0.1:${port}` };
  const { program, cwd, host, port: door } = await startProgram(t, [], { environment });
  const limits = async () => {
    const words = ['doctor', '--json', '--listen', `${host}:${door}`];
    const { stdout } = await runProgram(words, { cwd, environment });
    assert.ok(!stdout.includes(SECRET));
    const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string; text: string }[] };
    return checks.filter(({ name }) => name === 'Limits').map(({ state, text }) => `${state}: ${text}`);
  };

  assert.match(String(JSON.parse(await program.line('"limits.apart"')).reason), /^WRONGPASS/);
  assert.match(
    (await limits()).join('\n'),
    /^bad: the Valkey at 127\.0\.0\.1:\d+ cannot be used \(WRONGPASS .*\), so rate limits are not shared: each node has its share; correct the user and the password in cluster\.valkey or POSTERN_CLUSTER_VALKEY$/,
  );
  await refusing.kill();
  await server.start();
  await program.line('"limits.shared"');
  assert.deepEqual(await limits(), [
    `good: the Valkey at 127.0.0.1:${port} answers: rate limits are shared by it`,
  ]);

  await server.kill();
  await program.line('"limits.apart"', 2);
  assert.match(
    (await limits()).join('\n'),
    /^bad: .*; see that it runs, and that cluster\.valkey or POSTERN_CLUSTER_VALKEY has its address$/,
  );
  const { stdout, stderr } = await program.stop();
  const events = stdout.split('\n').filter((line) => line.includes('"limits.'));
  assert.equal(events.length, 3, stdout);
  assert.ok(!`${stdout}${stderr}`.includes(SECRET));
});
