// x-postern-change, GET /_postern/fence and /_postern/snapshot-digest of a process by itself (docs/guide/production.md).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningPostern, startTestPostern } from '../../support/postern.ts';

const TEMPLATE = JSON.stringify({
  Resources: { Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'a', ProtocolType: 'HTTP' } } },
});
const DOCUMENT = JSON.stringify({ openapi: '3.0.1', info: { title: 'b', version: '1' }, paths: {} });

describe('a process by itself', () => {
  let postern: RunningPostern;
  let base = '';
  before(async () => {
    postern = await startTestPostern();
    base = postern.management;
  });
  after(() => postern.close());

  const write = async (path: string, body: object, method = 'POST') => {
    const reply = await fetch(`${base}${path}`, {
      method,
      ...(method === 'DELETE' ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    assert.ok(reply.ok, text);
    return Number(reply.headers.get('x-postern-change'));
  };
  const ask = async (path: string) => {
    const reply = await fetch(`${base}/_postern/${path}`);
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
  };

  test('every answer to a write says its change, and no other answer', async () => {
    const changes = [
      await write('/v2/apis', { name: 'a', protocolType: 'HTTP', target: 'http://127.0.0.1:1' }),
      await write('/_postern/import', { body: DOCUMENT }),
      await write('/_postern/stacks', {
        stackName: 's',
        template: { name: 'template.json', text: TEMPLATE },
      }),
      await write('/_postern/stacks', {
        stackName: 't',
        template: { name: 'template.json', text: TEMPLATE },
      }),
      await write('/_postern/stacks/s', {}, 'DELETE'),
    ];
    const query = new URLSearchParams({ Action: 'DeleteStack', StackName: 't' });
    const authorization =
      'AWS4-HMAC-SHA256 Credential=any/20260130/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=00';
    const reply = await fetch(base, { method: 'POST', body: query, headers: { authorization } });
    assert.equal(reply.status, 200, await reply.text());
    changes.push(Number(reply.headers.get('x-postern-change')));
    assert.ok(changes[0]! > 0);
    assert.deepEqual(
      changes,
      [...new Set(changes)].sort((a, b) => a - b),
    );
    const read = await fetch(`${base}/v2/apis`);
    await read.text();
    assert.equal(read.headers.get('x-postern-change'), null);
  });

  test('a fence is passed by what is live, waits for what comes, and says who is behind', async () => {
    const change = await write('/v2/apis', { name: 'a', protocolType: 'HTTP' });
    const nodes = [{ node: 0, name: 'this process', live: change }];
    assert.deepEqual(await ask(`fence?change=${change}`), { status: 200, body: { change, nodes } });
    const waiting = ask(`fence?change=${change + 1}`);
    await write('/v2/apis', { name: 'b', protocolType: 'HTTP' });
    assert.equal((await waiting).status, 200);
    const behind = await ask('fence?change=1000000&seconds=0');
    assert.equal(behind.status, 504);
    assert.match(
      String(behind.body.message),
      /^Change 1000000 is not live on node 0 \(this process\), which is at \d+\.$/,
    );
  });

  test('what a fence is asked for is a number', async () => {
    for (const query of ['', '?change=', '?change=-1', '?change=1e3', '?change=99999999999999999']) {
      const { status, body } = await ask(`fence${query}`);
      assert.deepEqual(
        [status, body.message],
        [400, 'change is the number that x-postern-change of an answer says, such as ?change=12'],
      );
    }
    const { status, body } = await ask('fence?change=1&seconds=301');
    assert.deepEqual([status, body.message], [400, 'seconds is a whole number up to 300']);
  });

  test('the digest is that of what is live', async () => {
    const before = await ask('snapshot-digest');
    assert.match(String(before.body.digest), /^[0-9a-f]{64}$/);
    assert.deepEqual(await ask('snapshot-digest'), before);
    await write('/v2/apis', { name: 'c', protocolType: 'HTTP', target: 'http://127.0.0.1:1' });
    assert.notDeepEqual(await ask('snapshot-digest'), before);
  });
});
