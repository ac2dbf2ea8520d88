// The roles of the program by themselves: joined otherwise than main.ts does (docs/architecture.md, "Roles").
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { ApiGatewayV2Client, CreateApiCommand, DeleteApiCommand } from '@aws-sdk/client-apigatewayv2';
import { SYSTEM_CLOCK } from '../../../src/clock.ts';
import { openControl } from '../../../src/roles/control.ts';
import { openData } from '../../../src/roles/data-directory.ts';
import { type DataPlane, openDataPlane } from '../../../src/roles/data-plane.ts';
import { StartError } from '../../../src/roles/listening.ts';
import { NO_SECTIONS } from '../../../src/settings/sections.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../../support/certificate.ts';
import { FORGETFUL_REGISTRY, forgetfulQuotas } from '../../support/forgetful-runtime.ts';
import { makeTestDirectory, type PosternOptions, REGION, testSettings } from '../../support/postern.ts';
import { startRecordingBackend } from '../../support/recording-backend.ts';

const log = createLog({ level: 'silent', pretty: false, colour: false, output: { write: () => {} } });
const functions = {
  find: () => undefined,
  names: [],
  revision: 0,
  caughtUp: async () => true,
  trouble: async () => undefined,
  pid: undefined,
  counts: async () => ({ functions: [] }),
};

async function openStore(
  t: TestContext,
  separate: PosternOptions['separate'] & object = {},
  sections: PosternOptions['sections'] = {},
) {
  const directory = await makeTestDirectory();
  const means = {
    settings: testSettings(directory, { separate, sections }),
    log,
    clock: SYSTEM_CLOCK,
    requestLog: undefined,
  };
  const { store } = await openData(means);
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  const openPlane = () =>
    openDataPlane({
      ...means,
      documents: store,
      functions,
      registry: FORGETFUL_REGISTRY,
      quotas: forgetfulQuotas(),
      serveManagement: undefined,
    });
  return { means, store, openPlane };
}

test('two data planes follow one store, and one control writes it', async (t) => {
  const backend = await startRecordingBackend();
  t.after(() => backend.close());
  const { means, store, openPlane } = await openStore(t);
  const planes: DataPlane[] = [await openPlane(), await openPlane()];
  const urls = await Promise.all(planes.map((plane) => plane.listen()));
  const [first] = planes;
  const control = openControl({
    ...means,
    store,
    functions,
    plane: first!.link,
    apiEndpoint: () => `${urls[0]}/_aws/execute-api/{apiId}`,
  });
  const { management } = await control.listen();
  const client = new ApiGatewayV2Client({
    endpoint: management!,
    region: REGION,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  t.after(async () => {
    client.destroy();
    await Promise.all([control.drain(1_000), ...planes.map((plane) => plane.drain(1_000))]);
    for (const role of [control, ...planes]) await role.close(1_000);
  });
  const target = `http://127.0.0.1:${backend.port}`;
  const { ApiId } = await client.send(
    new CreateApiCommand({ Name: 'a', ProtocolType: 'HTTP', Target: target }),
  );
  const statuses = async () => {
    for (const { link } of planes) assert.equal(await link.caughtUp(), true);
    const replies = await Promise.all(urls.map((url) => fetch(`${url}/_aws/execute-api/${ApiId}/pets`)));
    return replies.map(({ status }) => status);
  };
  assert.deepEqual(await statuses(), [200, 200]);
  const counts = await Promise.all(planes.map(({ link }) => link.counts()));
  assert.deepEqual(
    counts.map(({ calls }) => calls.map(({ apiId, stage, metrics }) => [apiId, stage, metrics.count])),
    planes.map(() => [[ApiId, '$default', 1]]),
    'each counts its own',
  );
  assert.deepEqual(structuredClone(counts[0]!.calls[0]!.metrics).count, 1, 'what is told is plain data');
  await client.send(new DeleteApiCommand({ ApiId }));
  assert.deepEqual(await statuses(), [403, 403]);
});

test('a client of one data plane resumes its TLS session at another, of the same directory or the same cluster', async (t) => {
  const directory = await makeTestDirectory();
  t.after(() => rm(directory, { recursive: true }));
  const tls = { cert: join(directory, 'tls.crt'), key: join(directory, 'tls.key') };
  await writeFile(tls.cert, TEST_CERTIFICATE);
  await writeFile(tls.key, TEST_KEY);
  const { openPlane } = await openStore(t, { tls });
  const cluster = { ...NO_SECTIONS.cluster, secrets: ['a secret of at least thirty-two characters'] };
  const node = async () => (await openStore(t, { tls }, { cluster })).openPlane();
  const planes = [await openPlane(), await openPlane(), await node(), await node()];
  t.after(async () => {
    for (const plane of planes) {
      await plane.drain(1_000);
      await plane.close(1_000);
    }
  });
  let session: Buffer | undefined;
  const resumed: boolean[] = [];
  for (const plane of planes) {
    const { port } = new URL(await plane.listen());
    const socket = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false, session });
    socket.on('session', (given) => {
      session = given;
    });
    socket.on('secureConnect', () => resumed.push(socket.isSessionReused()));
    socket.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
  }
  assert.deepEqual(resumed, [false, true, false, true]);
});

test('a data plane that cannot listen is closed, and takes nothing from one beside it', async (t) => {
  const { means, store, openPlane } = await openStore(t);
  const plane = await openPlane();
  t.after(async () => {
    await plane.drain(0);
    await plane.close(0);
  });
  const { port } = new URL(await plane.listen());
  const gateway = { host: '127.0.0.1', port: Number(port) };
  const second = await openDataPlane({
    ...means,
    settings: { ...means.settings, doors: { kind: 'separate', management: gateway, gateway } },
    documents: store,
    functions,
    registry: FORGETFUL_REGISTRY,
    quotas: forgetfulQuotas(),
    serveManagement: undefined,
  });
  await assert.rejects(second.listen(), StartError);
  await second.drain(0);
  await second.close(0);
  assert.equal(await plane.link.caughtUp(), true);
});
