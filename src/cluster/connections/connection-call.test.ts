// The way of a call to a connection of another process, without the processes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Asker } from '../../net/channel/channel.ts';
import { newConnectionId } from '../../websocket-api/connections/connection-id.ts';
import {
  type ConnectionQuestion,
  holderOf,
  printCall,
  printInfo,
  printOutcome,
  readCall,
  readInfo,
  readOutcome,
} from './connection-call.ts';
import { ElsewhereByCalls } from './elsewhere-by-calls.ts';
import { type ConnectionRoutes, processNumber, routeCall } from './routing.ts';

const placeOf = (holder: number) => ({ id: newConnectionId(holder), apiId: 'a1b2c3d4e5', stageName: 'prod' });

test('a call comes as it went, and says whom it is for', () => {
  const questions = fc.constantFrom<ConnectionQuestion>(
    ...(['postText', 'postBytes', 'info', 'close', 'sendText', 'sendBytes', 'end'] as const),
  );
  fc.assert(
    fc.property(
      questions,
      fc.nat({ max: 65_535 }),
      fc.stringMatching(/^[A-Za-z0-9_-]{0,128}$/),
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      ),
      (question, holder, stageName, data) => {
        const place = { ...placeOf(holder), stageName };
        const bytes = printCall(question, place, data);
        assert.equal(holderOf(bytes), holder);
        assert.deepEqual(readCall(bytes), { question, place, data: Buffer.from(data as string) });
      },
    ),
  );
});

test('what is cut off or begins otherwise is no call', () => {
  const call = printCall('close', placeOf(3));
  for (let length = 0; length < call.length; length++) {
    assert.equal(readCall(call.subarray(0, length)), undefined, `${length}`);
  }
  assert.equal(readCall(Buffer.concat([Buffer.of(9), call.subarray(1)])), undefined);
});

const ANSWERS: readonly (readonly [answer: Buffer, post: string, info: unknown, close: string])[] = [
  [printOutcome('done'), 'sent', undefined, 'closed'],
  [printOutcome('full'), 'full', 'unreachable', 'unreachable'],
  [printOutcome('gone'), 'gone', 'gone', 'gone'],
  [printOutcome('unreachable'), 'unreachable', 'unreachable', 'unreachable'],
  [Buffer.alloc(0), 'unreachable', 'unreachable', 'unreachable'],
  [Buffer.of(77), 'unreachable', 'unreachable', 'unreachable'],
];

for (const [answer, post, info, close] of ANSWERS) {
  test(`an answer of ${answer.toString('hex') || 'nothing'} means ${post}`, async () => {
    const elsewhere = new ElsewhereByCalls((_call, asker) => asker.answer(answer));
    assert.equal(await elsewhere.post(placeOf(1), Buffer.from('x')), post);
    if (info !== undefined) assert.equal(await elsewhere.info(placeOf(1)), info);
    assert.equal(await elsewhere.close(placeOf(1)), close);
    const target = { connectionId: placeOf(1).id, account: undefined };
    assert.equal(await elsewhere.send(target, 'x'), post);
    assert.equal(await elsewhere.end(target), close);
  });
}

test('who cannot be asked is unreachable', async () => {
  const elsewhere = new ElsewhereByCalls((_call, asker) => asker.refuse('over'));
  assert.equal(await elsewhere.post(placeOf(1), Buffer.from('x')), 'unreachable');
  assert.equal(await elsewhere.info(placeOf(1)), 'unreachable');
});

test('what is told of a connection comes as it went', async () => {
  const info = { sourceIp: '192.0.2.1', userAgent: 'ä', connectedAt: 1, lastActiveAt: 2 };
  assert.equal(readOutcome(printInfo(info)), 'done');
  assert.deepEqual(readInfo(printInfo(info)), info);
  const elsewhere = new ElsewhereByCalls((_call, asker) => asker.answer(printInfo(info)));
  assert.deepEqual(await elsewhere.info(placeOf(1)), info);
});

test('a primary takes a call to its own worker or over one link; what came by a link goes no further', () => {
  const tell = (asker: Asker, isThere: boolean, what: string): boolean => {
    if (isThere) asker.answer(Buffer.from(what));
    return isThere;
  };
  const routes: ConnectionRoutes = {
    node: () => 2,
    askWorker: (slot, _call, asker) => tell(asker, slot < 2, `worker ${slot}`),
    askNode: (node, _call, asker) => void tell(asker, true, `node ${node}`),
  };
  const routed = (node: number, slot: number, cameBy: 'worker' | 'link') => {
    const call = printCall('close', placeOf(processNumber(node, slot)));
    let heard = '';
    routeCall(routes, call, cameBy, {
      answer: (body) => (heard = body.length === 1 ? readOutcome(body) : body.toString()),
      refuse: (reason) => assert.fail(reason),
    });
    return heard;
  };
  assert.equal(routed(2, 0, 'worker'), 'worker 0');
  assert.equal(routed(2, 1, 'link'), 'worker 1');
  assert.equal(routed(2, 63, 'worker'), 'gone');
  assert.equal(routed(5, 1, 'worker'), 'node 5');
  assert.equal(routed(5, 1, 'link'), 'gone');
});
