// How the console's files are served: to everybody, kept by browsers, small, and with headers that let nothing else in.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ConsoleFiles } from '../../src/management/console/console-files.ts';
import { type RunningPostern, startTestPostern } from '../support/postern.ts';

/** What the first view may weigh, in bytes of gzip. */
const FIRST_VIEW = 150 * 1024;

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

describe('GET /_postern/console/', () => {
  let postern: RunningPostern;
  let script = '';

  before(async () => {
    postern = await startTestPostern({
      credentials: [{ accessKeyId: 'AKIDOTHER', secretAccessKey: 's', accountId: '111122223333' }],
    });
    const page = (await get('')).body.toString();
    script = /src="\/_postern\/console\/(assets\/[^"]+\.js)"/.exec(page)![1]!;
  });
  after(() => postern.close());

  function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const options = {
        host: postern.host,
        port: postern.port,
        path: path.startsWith('/') ? path : `/_postern/console/${path}`,
        method,
        headers,
      };
      request(options, (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('end', () => {
          resolve({ status: reply.statusCode!, headers: reply.headers, body: Buffer.concat(chunks) });
        });
      })
        .on('error', reject)
        .end();
    });
  }

  test('needs no signature where everything else does', async () => {
    const { status, headers, body } = await get('');
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.match(body.toString(), /<div id="root">/);
    const { status: refused } = await get('/_postern/me');
    assert.equal(refused, 403);
  });

  test('allows the page its own files and its own origin, and nobody a frame of it', async () => {
    for (const path of ['', script, 'apis/a1b2c3d4e5/routes']) {
      const { headers } = await get(path);
      assert.equal(
        headers['content-security-policy'],
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
          "font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
      );
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    }
  });

  test('answers paths of views with the page, and names of files that are not there with 404', async () => {
    const page = (await get('')).body;
    for (const path of [
      'apis/a1b2c3d4e5',
      'live/JKx1abcdPHcEJKQ=',
      '..%2f..%2fpackage.json',
      'workbench?api=a1b2c3d4e5',
    ]) {
      const { status, body } = await get(path);
      assert.deepEqual([status, body.equals(page)], [200, true], path);
    }
    for (const path of [
      'assets/none.js',
      `${script}.gz`,
      'assets/../../../package.json',
      'assets/%2e%2e/index.html',
      'assets/',
    ]) {
      const { status, headers } = await get(path);
      assert.deepEqual([status, headers['x-amzn-errortype']], [404, 'NotFoundException'], path);
    }
  });

  test('has hashed files kept for good, in the form that the browser takes', async () => {
    const plain = await get(script);
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(plain.headers['content-type'], 'text/javascript; charset=utf-8');
    for (const [accepts, encoding, decode] of [
      ['gzip, deflate', 'gzip', gunzipSync],
      ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
      ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
      ['identity', undefined, (body: Buffer) => body],
      ['gzip;q=0', undefined, (body: Buffer) => body],
    ] as const) {
      const { headers, body } = await get(script, { 'accept-encoding': accepts });
      assert.deepEqual([headers['content-encoding'], headers.vary], [encoding, 'accept-encoding'], accepts);
      assert.ok(decode(body).equals(plain.body), accepts);
    }
  });

  test('answers HEAD with the length alone, other methods with 405, and sends to the path with its slash', async () => {
    const { status, headers, body } = await get(script, {}, 'HEAD');
    const plain = await get(script);
    assert.deepEqual([status, headers['content-length'], body.length], [200, String(plain.body.length), 0]);
    assert.equal((await get('', {}, 'POST')).status, 405);
    const { status: moved, headers: where } = await get('/_postern/console');
    assert.deepEqual([moved, where.location], [308, '/_postern/console/']);
    assert.equal((await get('/_postern/consoles')).status, 403);
  });

  test('is small at first sight', async () => {
    const page = (await get('')).body.toString();
    const atOnce = [...page.matchAll(/(?:src|href)="\/_postern\/console\/(assets\/[^"]+)"/g)].map(
      ([, name]) => name!,
    );
    const overview = (await readdir('dist/page/assets')).filter((name) =>
      /^overview-.*\.(?:js|css)$/.test(name),
    );
    assert.ok(overview.length > 0 && atOnce.length > 0);
    let bytes = 0;
    for (const name of [...atOnce, ...overview.map((each) => `assets/${each}`)]) {
      bytes += (await get(name, { 'accept-encoding': 'gzip' })).body.length;
    }
    assert.ok(bytes < FIRST_VIEW, `${bytes} bytes`);
  });

  test('has no file that names another host, and none that writes markup from text', async () => {
    for (const name of await readdir('dist/page/assets')) {
      if (!/\.(?:js|css)$/.test(name)) continue;
      const text = await readFile(`dist/page/assets/${name}`, 'utf8');
      assert.doesNotMatch(text, /(?:@import|url\()\s*["']?https?:/, name);
    }
    const sources = (await readdir('console/src', { recursive: true })).filter((name) =>
      /\.tsx?$/.test(name),
    );
    assert.ok(sources.length > 20);
    for (const name of sources) {
      const text = await readFile(`console/src/${name}`, 'utf8');
      assert.doesNotMatch(
        text,
        /dangerouslySetInnerHTML|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write/,
        name,
      );
    }
  });
});

test('where the console has not been built, its files say so', async (t) => {
  const empty = await mkdtemp(`${tmpdir()}/postern-console-`);
  t.after(() => rm(empty, { recursive: true }));
  assert.equal(await new ConsoleFiles(empty).find('', ''), 'unbuilt');
  assert.equal(await new ConsoleFiles(`${empty}/none`).find('assets/x.js', ''), 'unbuilt');
});
