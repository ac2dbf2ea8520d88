// Documents that are made to harm: each is refused with a clear 4xx in bounded time, by import and reimport, and the program serves
// on meanwhile (spec/openapi.md §1.5, §2; Choices O4, O6, O8, O10).
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import {
  CreateStageCommand,
  GetApisCommand,
  GetRoutesCommand,
  ImportApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import { type ProgramStand, startProgram } from '../../support/program-stand.ts';
import { type RecordingBackend, startRecordingBackend } from '../../support/recording-backend.ts';

const MEBIBYTE = 1024 * 1024;
/** What the slowest of them may take. Generous: the machine may be busy. */
const DOCUMENT_MILLIS = 10_000;
/** What anybody else may wait meanwhile. */
const OTHERS_MILLIS = 2_000;

/** Between two questions of the others: often enough to notice a stop, and not so often that they are the load. */
const BETWEEN_MILLIS = 25;

const UNUSABLE = /^400 Invalid OpenAPI input\.$/;
const TOO_LARGE = /^400 The OpenAPI definition exceeds the maximum size of 6 MB$/;
const head = 'openapi: 3.0.1\ninfo: {title: T, version: "1"}\n';

/** Nine levels, each of nine aliases of the one before: a billion nodes. */
const aliasBomb = (): string => {
  const levels = Array.from({ length: 9 }, (_, n) =>
    n === 0
      ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
      : `a${n}: &a${n} [${Array.from({ length: 9 }, () => `*a${n - 1}`).join(', ')}]`,
  );
  return `${head}x-bomb:\n  ${levels.join('\n  ')}\npaths: {}\n`;
};

const padded = (bytes: number): string => {
  const text = (pad: string): string =>
    `{"openapi":"3.0.1","info":{"title":"T","version":"1"},"paths":{},"x-pad":"${pad}"}`;
  return text('x'.repeat(bytes - text('').length));
};

const REFUSED: readonly [what: string, document: () => string, answer: RegExp][] = [
  ['not YAML', () => 'a: [1, 2\nb: }', UNUSABLE],
  ['not text', () => '\0\x01\x02', UNUSABLE],
  ['a list', () => '- openapi: 3.0.1', UNUSABLE],
  ['the wrong version', () => '{"openapi": "3.1.0"}', /^400 Unable to build importer .* from '3\.1\.0'$/],
  ['an alias bomb', aliasBomb, UNUSABLE],
  ['an alias in itself', () => `${head}paths: &p { /a: *p }\n`, UNUSABLE],
  ['lists nested deep', () => `${head}paths: {}\nx-deep: ${'['.repeat(200_000)}`, UNUSABLE],
  [
    'maps nested deep in JSON',
    () => `{"openapi":"3.0.1","x-a":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_001)}`,
    UNUSABLE,
  ],
  [
    'maps nested deep by indentation',
    () => `${head}x-deep:\n${Array.from({ length: 2_000 }, (_, n) => `${' '.repeat(n + 1)}a:`).join('\n')}`,
    UNUSABLE,
  ],
  ['6 MiB of one line that is no document', () => 'x'.repeat(6 * MEBIBYTE), UNUSABLE],
  ['6 MiB of opening brackets', () => '['.repeat(6 * MEBIBYTE), UNUSABLE],
  ['6 MiB of keys in one line of YAML', () => `{${'a,'.repeat(3 * MEBIBYTE - 1)}}`, UNUSABLE],
  ['a byte more than 6 MiB', () => padded(6 * MEBIBYTE + 1), TOO_LARGE],
  ['an anchor for each word', () => `${head}x-a: [${'&a a,'.repeat(200_000)}]\n`, UNUSABLE],
];

const ACCEPTED: readonly [what: string, document: () => string, warning: RegExp | undefined][] = [
  ['6 MiB of one line', () => padded(6 * MEBIBYTE), undefined],
  [
    'schemas that refer to each other in a circle',
    () =>
      `${head}paths:
  /a:
    get:
      responses:
        200: {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/A"}}}}
components:
  schemas:
    A: {properties: {b: {$ref: "#/components/schemas/B"}}}
    B: {properties: {a: {$ref: "#/components/schemas/A"}, b: {$ref: "#/components/schemas/B"}}}
`,
    undefined,
  ],
  [
    'integrations that refer to each other in a circle',
    () =>
      `${head}paths:
  /a:
    get:
      responses: {}
      x-amazon-apigateway-integration: {$ref: "#/components/x-amazon-apigateway-integrations/a"}
components:
  x-amazon-apigateway-integrations:
    a: {$ref: "#/components/x-amazon-apigateway-integrations/b"}
    b: {$ref: "#/components/x-amazon-apigateway-integrations/a"}
`,
    /^Unable to create integration for resource at path 'GET \/a': .* is missing\. Ignoring\.$/,
  ],
  [
    'a thousand references to one schema of a thousand references',
    () => {
      const refs = Array.from({ length: 1_000 }, (_, n) => [`p${n}`, { $ref: '#/components/schemas/A' }]);
      const schema = { type: 'object', properties: Object.fromEntries(refs) };
      const responses = { 200: { description: 'ok', content: { 'application/json': { schema } } } };
      return JSON.stringify({
        openapi: '3.0.1',
        info: { title: 'T', version: '1' },
        paths: { '/a': { get: { responses } } },
        components: { schemas: { A: schema } },
      });
    },
    undefined,
  ],
];

describe('definitions under attack', () => {
  let stand: ProgramStand;
  let backend: RecordingBackend;
  let apiId = '';
  const closing: (() => unknown)[] = [];
  before(async () => {
    stand = await startProgram({ after: (close: () => unknown) => void closing.push(close) } as TestContext);
    backend = await startRecordingBackend();
    const { ApiId } = await stand.client.send(
      new ImportApiCommand({
        Body: JSON.stringify({
          openapi: '3.0.1',
          info: { title: 'Busy', version: '1' },
          paths: {
            '/pets': {
              get: {
                responses: {},
                'x-amazon-apigateway-integration': {
                  type: 'http_proxy',
                  httpMethod: 'GET',
                  uri: `http://127.0.0.1:${backend.port}/`,
                  payloadFormatVersion: '1.0',
                  requestParameters: { 'append:header.x-request-id': '$context.requestId' },
                },
              },
            },
          },
        }),
      }),
    );
    await stand.client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
    apiId = ApiId!;
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
    await backend.close();
  });

  /** `STATUS MESSAGE` of an import, or of a reimport. */
  async function send(body: string, path = ''): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${stand.management}/v2/apis${path}`, { method: 'PUT', headers, body });
    const { message } = (await response.json()) as { message?: string };
    return `${response.status} ${message}`;
  }

  /** The longest that health and a mapped GET take while something is under way. */
  async function othersDuring(act: () => Promise<void>): Promise<number> {
    let isOver = false;
    const acting = act().finally(() => {
      isOver = true;
    });
    let worst = 0;
    for (let isLast = false; !isLast; ) {
      isLast = isOver;
      const begun = performance.now();
      const replies = await Promise.all([
        fetch(`${stand.management}/_postern/health`),
        fetch(`${stand.management}/_aws/execute-api/${apiId}/pets`),
      ]);
      assert.deepEqual(
        replies.map(({ status }) => status),
        [200, 200],
      );
      await Promise.all(replies.map((reply) => reply.arrayBuffer()));
      worst = Math.max(worst, performance.now() - begun);
      await setTimeout(BETWEEN_MILLIS);
    }
    await acting;
    return worst;
  }

  for (const [what, document, answer] of REFUSED) {
    test(`${what} is refused`, async () => {
      const body = JSON.stringify({ body: document() });
      const worst = await othersDuring(async () => {
        for (const path of ['', `/${apiId}`]) {
          const begun = performance.now();
          assert.match(await send(body, path), answer);
          assert.ok(performance.now() - begun < DOCUMENT_MILLIS, `${performance.now() - begun} ms`);
        }
      });
      assert.ok(worst < OTHERS_MILLIS, `others waited ${worst} ms`);
      const { Items: apis } = await stand.client.send(new GetApisCommand({}));
      const { Items: routes } = await stand.client.send(new GetRoutesCommand({ ApiId: apiId }));
      assert.deepEqual([apis!.length, routes!.map(({ RouteKey }) => RouteKey)], [1, ['GET /pets']]);
    });
  }

  for (const [what, document, warning] of ACCEPTED) {
    test(`${what}: imported in bounded time`, async () => {
      const command = new ImportApiCommand({ Body: document() });
      const worst = await othersDuring(async () => {
        const begun = performance.now();
        const { ApiId, Warnings = [] } = await stand.client.send(command);
        assert.ok(performance.now() - begun < DOCUMENT_MILLIS, `${performance.now() - begun} ms`);
        if (warning === undefined) assert.deepEqual(Warnings, []);
        else assert.match(Warnings.join('\n'), warning);
        await fetch(`${stand.management}/v2/apis/${ApiId}`, { method: 'DELETE' });
      });
      assert.ok(worst < OTHERS_MILLIS, `others waited ${worst} ms`);
    });
  }

  test('an envelope of more than 16 MiB is a 413', async () => {
    const worst = await othersDuring(async () => {
      assert.match(await send(JSON.stringify({ body: 'x'.repeat(17 * MEBIBYTE) })), /^413 /);
    });
    assert.ok(worst < OTHERS_MILLIS, `others waited ${worst} ms`);
  });

  test('references to elsewhere are never followed', async (t) => {
    let connections = 0;
    const listener = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    listener.listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    t.after(() => listener.close());
    const elsewhere = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/x.yaml`;
    const reference = { $ref: `${elsewhere}#/a` };
    const { ApiId, Warnings } = await stand.client.send(
      new ImportApiCommand({
        Body: JSON.stringify({
          openapi: '3.0.1',
          info: { title: 'T', version: '1' },
          externalDocs: { url: elsewhere },
          paths: {
            '/a': {
              get: {
                parameters: [reference],
                requestBody: reference,
                responses: { 200: reference },
                'x-amazon-apigateway-integration': reference,
              },
            },
            '/b': reference,
          },
          components: { schemas: { A: reference, B: { $ref: 'file:///etc/passwd' } } },
        }),
      }),
    );
    assert.ok(
      Warnings!.some(
        (text) => text === `Parse issue: attribute paths.'/a'(get).parameters.${elsewhere}#/a is missing`,
      ),
      Warnings!.join('\n'),
    );
    await fetch(`${stand.management}/v2/apis/${ApiId}`, { method: 'DELETE' });
    assert.equal(connections, 0);
  });
});
