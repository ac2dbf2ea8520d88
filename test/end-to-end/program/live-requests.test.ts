// Live requests: what is told of requests to those who look, and to whom (docs/guide/live-requests.md).
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { parseCommandLine } from '../../../src/cli/command-line.ts';
import { runExplain } from '../../../src/cli/explain.ts';
import { runTail } from '../../../src/cli/tail.ts';
import { createPaint } from '../../../src/cli/terminal.ts';
import type { Identity } from '../../../src/identity/identities.ts';
import { type LiveStand, startLiveStand } from '../../support/live-stand.ts';
import { ACCOUNT } from '../../support/postern.ts';
import { OK_ANSWER } from '../../support/recording-backend.ts';

const OWNER: Identity = { accessKeyId: 'AKIAOWNER', secretAccessKey: 'owner-secret', accountId: ACCOUNT };
const OTHER: Identity = {
  accessKeyId: 'AKIAOTHER',
  secretAccessKey: 'other-secret',
  accountId: '111111111111',
};
const STRANGER: Identity = {
  accessKeyId: 'AKIASTRANGER',
  secretAccessKey: 'stranger-secret',
  accountId: ACCOUNT,
  policies: [],
};

describe('live requests', () => {
  let stand: LiveStand;
  before(async () => {
    stand = await startLiveStand();
    // From now on somebody looks.
    await stand.list();
  });
  after(async () => {
    await stand.close();
    assert.deepEqual(stand.errors, []);
  });
  afterEach(() => stand.backend.script(OK_ANSWER));

  test('a request is in the list with its route, status, sizes and times, the newest first', async () => {
    await fetch(`${stand.base}/pets/1`);
    await fetch(`${stand.base}/pets/2?limit=3`, { method: 'POST', body: 'whole' });
    const [second, first] = await stand.list();
    assert.equal(first!.path, `/_aws/execute-api/${stand.apiId}/prod/pets/1`);
    const { id, at, host, millis, integrationMillis, integration, ...rest } = second!;
    assert.match(id, /^[\w-]{15}=$/);
    assert.ok(at <= Date.now() && millis >= integrationMillis!);
    assert.equal(integration, `http://127.0.0.1:${stand.backend.port}/animals`);
    assert.equal(host, new URL(stand.base).host);
    assert.deepEqual(rest, {
      kind: 'http',
      accountId: ACCOUNT,
      region: 'us-east-1',
      apiId: stand.apiId,
      stage: 'prod',
      routeKey: 'ANY /pets/{id}',
      method: 'POST',
      path: `/_aws/execute-api/${stand.apiId}/prod/pets/2?limit=3`,
      status: 200,
      requestBytes: 5,
      replyBytes: 2,
      sourceIp: '127.0.0.1',
    });
  });

  test('one request has the trace that explain gives, and its bodies', async () => {
    stand.backend.script('HTTP/1.1 200 OK\r\nX-Animal: cat\r\nContent-Length: 4\r\n\r\n\xff\xfe\x00\x01');
    const response = await fetch(`${stand.base}/pets/7`, { method: 'PUT', body: '{"name":"Tom"}' });
    const { trace, requestBody, replyBody } = await stand.one(response.headers.get('apigw-requestid')!);
    assert.equal(trace!.request.url, `${stand.base}/pets/7`);
    assert.deepEqual(trace!.route!.variables, { id: '7' });
    assert.match(trace!.backendRequest!.line, /^PUT \/animals HTTP/);
    assert.equal(trace!.backendReply!.headers[0]![1], 'cat');
    assert.deepEqual(trace!.reply.headers[0], ['X-Animal', 'cat']);
    assert.deepEqual(requestBody, { bytes: 14, isTruncated: false, text: '{"name":"Tom"}' });
    assert.deepEqual(replyBody, { bytes: 4, isTruncated: false, base64: '//4AAQ==' });
  });

  test('bodies that stream are kept up to 64 KiB, and arrive whole', async () => {
    const body = 'ü'.repeat(100_000);
    stand.backend.script(`HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(300_000)}`);
    const response = await fetch(`${stand.base}/pets/1`, { method: 'POST', body });
    assert.equal((await response.text()).length, 300_000);
    assert.equal(stand.backend.requests[0]!.body.length, 200_000);
    const one = await stand.one(response.headers.get('apigw-requestid')!);
    const { requestBody, replyBody } = one;
    assert.ok(requestBody!.isTruncated && requestBody!.bytes === 200_000);
    assert.ok(requestBody!.text === 'ü'.repeat(32_768), `${requestBody!.text?.length}`);
    assert.ok(replyBody!.isTruncated && replyBody!.bytes === 300_000);
    assert.equal(replyBody!.text?.length, 65_536);
  });

  const refused: readonly (readonly [path: string, status: number, failure: RegExp])[] = [
    ['/prod/nothing', 404, /^no route matches the path \/nothing/],
    ['/none/pets/1', 404, /^API \w+ has no stage "none"/],
    ['x/prod', 403, /^there is no API/],
  ];
  for (const [path, status, failure] of refused) {
    test(`what no route or stage answers is there with the reason: ${path}`, async () => {
      await fetch(`${stand.base.slice(0, -'/prod'.length)}${path}`);
      const [newest] = await stand.list();
      assert.equal(newest!.status, status);
      assert.match(newest!.failure!, failure);
      const { trace } = await stand.one(newest!.id);
      assert.match(trace!.refused!, failure);
    });
  }

  test('a request that fails on its way says why', async () => {
    stand.backend.script('reset');
    await fetch(`${stand.base}/pets/1`);
    const [newest] = await stand.list();
    assert.equal(newest!.status, 503);
    assert.match(newest!.failure!, /127\.0\.0\.1/);
  });

  test('what explain asks for is there too', async () => {
    const url = `${stand.base}/pets/explained`;
    await fetch(`${stand.postern.management}/_postern/explain`, {
      method: 'POST',
      body: JSON.stringify({ method: 'GET', url }),
    });
    const [newest] = await stand.list();
    assert.equal(newest!.path, new URL(url).pathname);
    assert.equal((await stand.one(newest!.id)).replyBody!.text, 'ok');
  });

  test('filters choose by API, stage, route, status, kind and text', async () => {
    await fetch(`${stand.base}/pets/needle`);
    await fetch(`${stand.base}/nowhere`);
    const statuses = async (query: string) => new Set((await stand.list(query)).map(({ status }) => status));
    assert.deepEqual(await statuses('?status=404'), new Set([404]));
    assert.ok((await statuses('?status=4xx')).has(404) && !(await statuses('?status=4xx')).has(200));
    assert.deepEqual(
      await statuses(`?route=${encodeURIComponent('ANY /pets/{id}')}&status=200`),
      new Set([200]),
    );
    assert.equal((await stand.list('?text=NEEDLE')).length, 1);
    assert.equal((await stand.list(`?api=${stand.apiId}&stage=prod&kind=http&limit=1`)).length, 1);
    assert.deepEqual(await stand.list('?api=none'), []);
    assert.deepEqual(await stand.list('?kind=message'), []);
  });

  const wrong: readonly (readonly [query: string, message: string])[] = [
    ['?status=9xx', 'status is "9xx": it is a status such as 404, or a class such as 5xx'],
    ['?kind=a', 'kind is "a": it is one of http, connect, message, disconnect, post'],
    ['?limit=0', 'limit is "0": it is a number from 1 to 2000'],
    ['?API=a', '"API" is no filter of requests: there are api, stage, route, status, kind, text, limit'],
  ];
  for (const [query, message] of wrong) {
    test(`a filter that is none is refused: ${query}`, async () => {
      const response = await stand.ask(`requests${query}`);
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as { message: string }).message, message);
    });
  }

  test('a request that is not kept is not found, in a sentence', async () => {
    const response = await stand.ask('requests/nobody');
    assert.equal(response.status, 404);
    assert.deepEqual(await response.json(), { message: 'The request "nobody" is not kept here' });
  });

  test('a stream tells of requests as they come, and of those alone that are wanted', async () => {
    const all = await stand.stream();
    const failed = await stand.stream('?status=404');
    await fetch(`${stand.base}/pets/streamed`);
    await fetch(`${stand.base}/nowhere`);
    await all.until(() => all.requests.length === 2);
    await failed.until(() => failed.requests.length === 1);
    assert.deepEqual(
      all.requests.map(({ status }) => status),
      [200, 404],
    );
    assert.equal(failed.requests[0]!.path, `${new URL(stand.base).pathname}/nowhere`);
    await all.close();
    await failed.close();
  });

  test('of many at once a stream tells fifty a batch, and how many it left out', async () => {
    const reader = await stand.stream();
    await Promise.all(Array.from({ length: 400 }, () => fetch(`${stand.base}/pets/many`)));
    await reader.until(() => reader.requests.length + reader.skipped === 400);
    const sizes = reader.events.map(({ event, data }) => (event === 'requests' ? (data as []).length : 0));
    assert.ok(Math.max(...sizes) <= 50, String(sizes));
    await reader.close();
  });

  test('among many, failures are all kept, and so is what a filter asks for', async () => {
    await stand.route('GET /down', { IntegrationUri: 'http://127.0.0.1:1/' });
    const reader = await stand.stream('?status=404');
    const { length } = await stand.list('?status=5xx&limit=2000');
    const paths = Array.from({ length: 400 }, (_, i) =>
      i % 40 === 39 ? '/down' : i % 40 === 20 ? '/none' : '/pets/a',
    );
    await Promise.all(paths.map((path) => fetch(`${stand.base}${path}`)));
    await reader.until(() => reader.requests.length === 10);
    assert.equal((await stand.list('?status=5xx&limit=2000')).length, length + 10);
    await reader.close();
  });

  test('there are 32 streams, and the next one is refused', async () => {
    const open = await Promise.all(Array.from({ length: 32 }, () => stand.stream()));
    const refusedOne = await stand.ask('requests/stream');
    assert.equal(refusedOne.status, 429);
    assert.match(await refusedOne.text(), /32 streams of requests already/);
    for (const reader of open) await reader.close();
    for (let status = 429; status !== 200; ) {
      const again = await stand.ask('requests/stream');
      status = again.status;
      await again.body!.cancel();
    }
  });
});

describe('who may look at requests', () => {
  let stand: LiveStand;
  before(async () => {
    stand = await startLiveStand({ credentials: [OWNER, OTHER, STRANGER] });
    assert.equal((await stand.ask('requests', OWNER)).status, 200);
    await fetch(`${stand.base}/pets/1`);
    await fetch(`${stand.postern.gateway}/nobody`, { headers: { 'X-Nobody': '1' } });
  });
  after(() => stand.close());

  const listed = async (key?: Identity): Promise<unknown> => (await stand.ask('requests', key)).json();

  test('a caller sees the requests of its own account, and what is nobody’s is shown to none', async () => {
    const { requests } = (await listed(OWNER)) as {
      requests: { readonly path: string; readonly id: string }[];
    };
    assert.deepEqual(
      requests.map(({ path }) => path),
      [`/_aws/execute-api/${stand.apiId}/prod/pets/1`],
    );
    assert.deepEqual(await listed(OTHER), { mode: 'watched', requests: [] });
    const path = `requests/${encodeURIComponent(requests[0]!.id)}`;
    assert.equal((await stand.ask(path, OWNER)).status, 200);
    assert.equal((await stand.ask(path, OTHER)).status, 404);
  });

  test('a caller explains what is of its own account: what is of another is not served, nor told of', async () => {
    stand.backend.script(OK_ANSWER);
    const explained = (url: string, key: Identity) => stand.ask('explain', key, { method: 'GET', url });
    assert.equal((await explained(`${stand.base}/pets/1`, OWNER)).status, 200);
    assert.equal(stand.backend.requests.length, 1);
    const api = `${stand.postern.gateway}/_aws/execute-api/${stand.apiId}`;
    const host = `http://${stand.apiId}.execute-api.localhost`;
    for (const url of [
      `${stand.base}/pets/1`,
      `${api}/nowhere`,
      `${host}/prod/pets/1`,
      api.replace('http', 'ws'),
    ]) {
      const reply = await stand.ask('explain', OTHER, {
        url,
        ...(url.startsWith('ws') ? {} : { method: 'GET' }),
      });
      assert.equal(reply.status, 404, url);
      assert.match(await reply.text(), /"The URL leads to a stage of another account"/);
    }
    assert.equal(stand.backend.requests.length, 1);
  });

  test('who does not sign, or whose policies do not allow it, sees nothing', async () => {
    for (const path of ['requests', 'requests/stream', 'requests/a']) {
      assert.equal((await stand.ask(path)).status, 403, path);
      assert.equal((await stand.ask(path, STRANGER)).status, 403, path);
    }
  });

  test('a stream ends when its credentials are taken away, and others go on', async () => {
    const { EventReader } = await import('../../support/live-stand.ts');
    const own = new EventReader(await stand.ask('requests/stream', OWNER));
    const other = new EventReader(await stand.ask('requests/stream', OTHER));
    await stand.postern.reload({ ...stand.settings, credentials: [OWNER, STRANGER] });
    await other.until(() => other.isOver);
    await fetch(`${stand.base}/pets/1`);
    await own.until(() => own.requests.length === 1);
    await stand.postern.reload({ ...stand.settings, credentials: [{ ...OWNER, policies: [] }, STRANGER] });
    await own.until(() => own.isOver);
  });

  test('a stream ends when its key is another account’s from now on', async () => {
    await stand.postern.reload(stand.settings);
    const { EventReader } = await import('../../support/live-stand.ts');
    const own = new EventReader(await stand.ask('requests/stream', OWNER));
    const moved = { ...OWNER, accountId: '222222222222' };
    await stand.postern.reload({ ...stand.settings, credentials: [moved, OTHER, STRANGER] });
    await own.until(() => own.isOver);
  });
});

describe('live requests in a terminal', () => {
  let stand: LiveStand;
  before(async () => {
    stand = await startLiveStand({ credentials: [OWNER], liveRequests: 'always' });
  });
  after(() => stand.close());

  const optionsOf = (words: readonly string[], write: (text: string) => unknown) => ({
    command: parseCommandLine([...words, '--endpoint', stand.postern.management]) as never,
    settings: { ...stand.settings, credentials: [] },
    environment: {
      AWS_ACCESS_KEY_ID: OWNER.accessKeyId,
      AWS_SECRET_ACCESS_KEY: OWNER.secretAccessKey,
    },
    output: { write },
    errors: { write: () => true },
    isTerminal: false,
    paint: createPaint(false),
  });

  test('postern tail signs, and tells of what comes; postern explain --request shows all of one', async () => {
    let id = '';
    const tailing = runTail(
      optionsOf(['tail', '--status', '2xx'], (line) => {
        id = JSON.parse(line).id;
        throw new Error('enough');
      }),
    ).catch((error: Error) => error.message);
    while (id === '') await fetch(`${stand.base}/pets/1`);
    assert.equal(await tailing, 'enough');
    let output = '';
    const write = (text: string) => (output += text);
    assert.equal(await runExplain(optionsOf(['explain', '--request', id], write)), 0);
    assert.match(output, new RegExp(`^Request +GET ${stand.base}/pets/1 +${id}\n`));
    assert.match(output, /\nBackend reply +200/);
    output = '';
    await runExplain(optionsOf(['explain', '--request', id, '--json'], write));
    assert.equal(JSON.parse(output).requestId, id);
  });

  test('one that is not kept: a sentence says when requests are', async () => {
    await assert.rejects(
      runExplain(optionsOf(['explain', '--request', 'nobody'], () => true)),
      /says: The request "nobody" is not kept here\. Requests are kept while somebody looks/,
    );
  });
});

describe('when requests are kept', () => {
  let stand: LiveStand;
  before(async () => {
    stand = await startLiveStand({ liveRequests: 'off' });
  });
  after(() => stand.close());

  const mode = async () => ((await (await stand.ask('requests')).json()) as { mode: string }).mode;

  test('off: nothing is kept, and a stream says how to have one', async () => {
    assert.deepEqual(await (await stand.ask('requests')).json(), { mode: 'off', requests: [] });
    await fetch(`${stand.base}/pets/1`);
    assert.deepEqual(await stand.list(), []);
    const response = await stand.ask('requests/stream');
    assert.equal(response.status, 409);
    assert.match(await response.text(), /Live requests are off here: start the server with --live-requests/);
  });

  test('always: also when nobody has looked before; a change of the settings counts at once', async () => {
    await stand.postern.reload({ ...stand.settings, liveRequests: 'always' });
    assert.equal(await mode(), 'always');
    await fetch(`${stand.base}/pets/1`);
    const reader = await stand.stream();
    assert.equal((await stand.list()).length, 1);
    await stand.postern.reload({ ...stand.settings, liveRequests: 'off' });
    await reader.until(() => reader.isOver);
    assert.deepEqual(await stand.list(), []);
    await stand.postern.reload({ ...stand.settings, liveRequests: 'watched' });
    await fetch(`${stand.base}/pets/1`);
    assert.deepEqual(await stand.list(), []);
    await fetch(`${stand.base}/pets/1`);
    assert.equal((await stand.list()).length, 1);
  });
});
