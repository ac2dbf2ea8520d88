// The recording backend and the raw client, tried on each other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parseReply, sendRaw } from './raw-client.ts';
import { type RecordingBackend, startRecordingBackend } from './recording-backend.ts';

let backend: RecordingBackend;
before(async () => {
  backend = await startRecordingBackend();
});
after(() => backend.close());

const send = (bytes: string) => sendRaw({ host: '127.0.0.1', port: backend.port, bytes });

test('records a request exactly and answers what was scripted', async () => {
  backend.script('HTTP/1.1 201 Made\r\nX-a: 1\r\nX-A: 2\r\nContent-Length: 3\r\n\r\nabc');
  const bytes = 'POST /a%20b?x HTTP/1.1\r\nhOst: h\r\nContent-Length: 2\r\n\r\n\xe9!';
  const reply = await send(bytes);
  assert.deepEqual(
    [reply.startLine, reply.headers, reply.body],
    [
      'HTTP/1.1 201 Made',
      [
        ['X-a', '1'],
        ['X-A', '2'],
        ['Content-Length', '3'],
      ],
      'abc',
    ],
  );
  assert.equal(backend.requests.length, 1);
  const [request] = backend.requests;
  assert.equal(request!.raw, bytes);
  assert.equal(request!.startLine, 'POST /a%20b?x HTTP/1.1');
  assert.equal(request!.body, '\xe9!');
});

test('reads chunked bodies and close-delimited replies', async () => {
  backend.script({ send: 'HTTP/1.1 200 OK\r\n\r\nto the end', thenEnd: true });
  const reply = await send(
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n',
  );
  assert.equal(backend.requests[0]!.body, 'abcd');
  assert.deepEqual([reply.body, reply.ended], ['to the end', true]);
});

test('answers in the order of the script, the last one again and again', async () => {
  backend.script('HTTP/1.1 204 No Content\r\n\r\n', 'end');
  assert.equal((await send('GET / HTTP/1.1\r\n\r\n')).status, 204);
  await assert.rejects(send('GET / HTTP/1.1\r\n\r\n'), /ended inside the reply/);
  await assert.rejects(send('GET / HTTP/1.1\r\n\r\n'), /ended inside the reply/);
});

test('a reset is an error', async () => {
  backend.script('reset');
  await assert.rejects(send('GET / HTTP/1.1\r\n\r\n'), /ECONNRESET|ended inside the reply/);
});

test('an incomplete reply is none, an irregular one throws', () => {
  assert.equal(parseReply('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na', false, false), undefined);
  assert.equal(parseReply('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n', true, false)?.body, '');
  assert.throws(() =>
    parseReply('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nab', false, false),
  );
  assert.throws(() => parseReply('HTTP/1.1 200 OK\r\nX a: 2\r\n\r\n', false, true));
});

test('skips interim replies', () => {
  const reply = parseReply('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n', false, false);
  assert.deepEqual([reply?.status, reply?.interim], [204, ['HTTP/1.1 100 Continue']]);
});
