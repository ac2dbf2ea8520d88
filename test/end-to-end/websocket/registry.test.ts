// Connections are written down before their API hears of them, and no longer than it has to hear of them (decision 0012).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { closeFrame, SocketClient } from '../../support/socket-client.ts';
import { answered, type StandOptions, standFor } from '../../support/socket-stand.ts';

/** A stand whose registry and integrations say what happens, in order. */
async function watchedStand(t: TestContext, options: StandOptions = {}, isThere = true) {
  const happened: string[] = [];
  const rows = new Set<string>();
  const stand = await standFor(t, {
    connect() {
      happened.push('$connect');
      return answered('');
    },
    disconnect() {
      happened.push('$disconnect');
      return answered('');
    },
    registry: {
      async enter({ id }) {
        happened.push('asked');
        await new Promise((resolve) => setImmediate(resolve));
        if (isThere) rows.add(id);
        happened.push(isThere ? 'entered' : 'not entered');
        return isThere;
      },
      leave(id) {
        happened.push('left');
        rows.delete(id);
      },
      mayTell: () => true,
    },
    ...options,
  });
  return { stand, happened, rows };
}

test('there is a row before `$connect` is called, and until `$disconnect` was', async (t) => {
  const { stand, happened, rows } = await watchedStand(t);
  const client = await stand.open();
  assert.deepEqual(happened, ['asked', 'entered', '$connect']);
  assert.equal(rows.size, 1);
  client.send(closeFrame(1000));
  await client.rest();
  await stand.untilEnded(1);
  await stand.turn();
  assert.deepEqual(happened, ['asked', 'entered', '$connect', '$disconnect', 'left']);
});

test('who is refused before costs no row', async (t) => {
  const { stand, happened } = await watchedStand(t, { admitsOne: () => false });
  await assert.rejects(stand.open(), /^Error: HTTP\/1\.1 429 /);
  assert.deepEqual(happened, []);
});

test('whom `$connect` refuses leaves, and nothing is told', async (t) => {
  const { stand, happened } = await watchedStand(t, { connect: () => answered('', 403) });
  await assert.rejects(stand.open(), /^Error: HTTP\/1\.1 403 /);
  await stand.turn();
  assert.deepEqual(happened, ['asked', 'entered', 'left']);
});

test('a defect in `$connect` leaves no row', async (t) => {
  const { stand, happened } = await watchedStand(t, {
    connect() {
      throw new Error('defect');
    },
  });
  await assert.rejects(stand.open(), /^Error: HTTP\/1\.1 500 /);
  assert.deepEqual(happened, ['asked', 'entered', 'left']);
  stand.defects.length = 0;
});

test('who cannot be written down is refused, and the API does not hear of it', async (t) => {
  const { stand, happened } = await watchedStand(t, {}, false);
  const target = { host: stand.host, port: stand.port, path: stand.path, authority: stand.authority };
  await assert.rejects(SocketClient.open(target), (error) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, /^HTTP\/1\.1 503 /);
    assert.match(error.message, /x-amzn-ErrorType: ServiceUnavailableException/);
    return true;
  });
  assert.deepEqual(happened, ['asked', 'not entered']);
});

for (const [stage, disconnect] of [
  ['a stage with `$disconnect` integration', undefined],
  ['a stage without', { disconnect: undefined }],
] as const) {
  test(`${stage} takes nobody while others may have taken over, and takes them again once they have not`, async (t) => {
    let isSure = false;
    const happened: string[] = [];
    const { stand } = await watchedStand(t, {
      connect() {
        happened.push('$connect');
        return answered('');
      },
      registry: {
        async enter() {
          happened.push('asked');
          return true;
        },
        leave() {},
        mayTell: () => isSure,
      },
      ...disconnect,
    });
    await assert.rejects(stand.open(), /^Error: HTTP\/1\.1 503 [\s\S]*ServiceUnavailableException/);
    assert.deepEqual(happened, []);
    isSure = true;
    (await stand.open()).destroy();
    assert.deepEqual(happened, ['asked', '$connect']);
  });
}

test('a stage without `$disconnect` integration does not wait for the row, which is written', async (t) => {
  const { stand, happened, rows } = await watchedStand(t, {
    disconnect: undefined,
    registry: {
      enter() {
        happened.push('asked');
        return new Promise(() => {});
      },
      leave: () => void happened.push('left'),
      mayTell: () => true,
    },
  });
  const client = await stand.open();
  assert.deepEqual(happened, ['asked', '$connect']);
  client.send(closeFrame(1000));
  await client.rest();
  await stand.untilEnded(1);
  await stand.turn();
  assert.deepEqual(happened, ['asked', '$connect', 'left']);
  assert.equal(rows.size, 0);
});

test('the end of a connection of another process is told on the stage as it is now', async (t) => {
  const { stand, happened } = await watchedStand(t);
  const client = await stand.open();
  const { connection } = stand.events.at(-1)!;
  const { rowOf } = await import('../../../src/websocket-api/connections/registry.ts');
  const lost = { ...connection, id: stand.hub.newId() };
  await stand.hub.tellLost(rowOf(lost), 1006, '');
  assert.deepEqual(stand.ended, [{ id: lost.id, code: 1006, reason: '' }]);
  assert.deepEqual(happened.splice(3), ['$disconnect', 'left']);
  // A stage that is gone has nobody to be told.
  stand.stages.delete('test');
  await stand.hub.tellLost(rowOf({ ...lost, id: stand.hub.newId() }), 1006, '');
  assert.deepEqual(happened.splice(3), ['left']);
  await assert.rejects(stand.hub.tellLost({ id: lost.id, info: '{' }, 1006, ''), SyntaxError);
  client.destroy();
});

test('ends that nobody had time to tell stay in the registry', async (t) => {
  const { stand, happened, rows } = await watchedStand(t, {
    disconnect() {
      happened.push('$disconnect');
      return new Promise(() => {});
    },
  });
  const first = await stand.open();
  const second = await stand.open();
  second.send(closeFrame(1000));
  await second.rest();
  while (!happened.includes('$disconnect')) await stand.turn();
  stand.hub.stopTelling();
  await stand.hub.close(0);
  await stand.turn();
  assert.equal(rows.size, 2);
  first.destroy();
  assert.ok(!happened.includes('left'));
});

test('ends wait while others may have taken over, and are told once they have not', async (t) => {
  let isSure = true;
  const happened: string[] = [];
  const { stand } = await watchedStand(t, {
    disconnect() {
      happened.push('$disconnect');
      return answered('');
    },
    registry: { enter: async () => true, leave: () => void happened.push('left'), mayTell: () => isSure },
  });
  const client = await stand.open();
  isSure = false;
  client.send(closeFrame(1000));
  await client.rest();
  for (let i = 0; i < 20; i++) await stand.turn();
  assert.deepEqual(happened, []);
  isSure = true;
  await stand.untilEnded(1);
  await stand.turn();
  assert.deepEqual(happened, ['$disconnect', 'left']);
});

test('connections that others have taken over are closed, and nothing is told of them', async (t) => {
  let connecting: (() => void) | undefined;
  const { stand, happened } = await watchedStand(t, {
    connect() {
      return connecting === undefined
        ? answered('')
        : new Promise((resolve) => {
            connecting = () => resolve(answered(''));
          });
    },
  });
  const client = await stand.open();
  connecting = () => {};
  const late = stand.open();
  while (happened.filter((each) => each === 'entered').length < 2) await stand.turn();
  await stand.turn();
  const [info] = stand.hub.rowsOf([stand.events[0]!.connection.id, 'nobody']);
  assert.equal(info?.id, stand.events[0]!.connection.id);
  stand.hub.cutOff(true);
  connecting();
  await assert.rejects(late, /^Error: HTTP\/1\.1 503 /);
  assert.deepEqual(await client.rest(), ['close 1001 Going away', 'end']);
  assert.equal(stand.hub.size, 0);
  for (let i = 0; i < 20; i++) await stand.turn();
  assert.ok(!happened.includes('$disconnect') && !happened.includes('left'));
  // Those that come afterwards are told as ever.
  connecting = undefined;
  const next = await stand.open();
  next.send(closeFrame(1000));
  await next.rest();
  await stand.untilEnded(1);
});
