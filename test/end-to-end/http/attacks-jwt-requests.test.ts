// Requests that carry tokens where, or as often as, they should not (spec/http-api.md §6.2). None reaches the backend.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  api,
  claims,
  good,
  mine,
  OTHER_ISSUER,
  refuses,
  refusesLines,
  rsa,
  stand,
} from '../../support/attacked-api.ts';
import { told } from '../../support/jwt-stand.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { makeToken, segment } from '../../support/token-issuer.ts';

test('Authorization twice, in whatever order and spelling', async () => {
  const yes = `Authorization: Bearer ${good()}`;
  const no = `Authorization: Bearer ${makeToken(mine, claims())}`;
  for (const lines of [
    [yes, yes],
    [yes, no],
    [no, yes],
    [yes, no.toLowerCase().replace('authorization: bearer', 'authorization: Bearer')],
    ['Authorization:', yes],
    [yes, 'Authorization:'],
    ['Authorization: Bearer', `authorization: ${good()}`],
    ['Authorization: Basic YTpi', yes],
    [yes, 'AUTHORIZATION: Basic YTpi'],
  ]) {
    await refusesLines(lines, lines.join(' | '));
  }
  await refusesLines([`X-Authorization: Bearer ${good()}`], 'another header');
  await refusesLines([`Cookie: Authorization=Bearer ${good()}`], 'a cookie');
  await refusesLines([`Proxy-Authorization: Bearer ${good()}`], 'that of a proxy');
  await refusesLines([], 'a query parameter', `/?Authorization=${good()}&access_token=${good()}`);
  await refusesLines(yes === '' ? [] : [yes], 'a header where a parameter is asked', '/query');
  await refusesLines([], 'a parameter twice', `/query?token=${good()}&token=x`);
  await refusesLines([], 'a parameter in another case', `/query?Token=${good()}`);
});

test('a token that is known here is not known there: other scopes, authorizers, issuers, methods', async () => {
  const text = good({ scope: 'read' });
  for (let time = 0; time < 3; time++) {
    assert.equal(told(await api.with(text, '/read')), '200');
    stand.backend.script();
    assert.match(
      told(await api.with(text, '/write')),
      /^403 Bearer scope="write" error="insufficient_scope"/,
    );
    assert.equal(stand.backend.requests.length, 0);
    await refuses(
      { 'another audience': text, 'another issuer': makeToken(rsa, claims({ iss: OTHER_ISSUER })) },
      '/cats',
    );
    await refuses({ 'another issuer': text }, '/elsewhere');
  }
  // The other issuer publishes the same key, under the same id: what one has verified is not the other's.
  const foreign = makeToken(rsa, claims({ iss: OTHER_ISSUER }));
  assert.equal(told(await api.with(foreign, '/elsewhere')), '200');
  await refuses({ foreign });
});

test('the preflight of a route with an authorizer, and a HEAD, need a token as well', async () => {
  stand.backend.script();
  for (const method of ['OPTIONS', 'HEAD', 'GET', 'DELETE']) {
    const reply = await api.call(
      '/proxy/x',
      ['Origin: https://evil.example.com', 'Access-Control-Request-Method: GET'],
      method,
    );
    assert.equal(reply.status, 401, method);
  }
  assert.equal(stand.backend.requests.length, 0);
});

test('a body behind a refused request is no request', async () => {
  stand.backend.script();
  const inner = `GET / HTTP/1.1\r\nHost: ${api.apiId}.execute-api.localhost\r\n\r\n`;
  const bytes = `POST / HTTP/1.1\r\nHost: ${api.apiId}.execute-api.localhost\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`;
  const reply = await sendRaw({ host: stand.postern.host, port: stand.postern.port, bytes });
  assert.equal(told(reply), '401 Bearer');
  assert.equal(stand.backend.requests.length, 0);
});

test('huge tokens, deep tokens, thousands of claims', async () => {
  await refuses({
    'dots alone': '.'.repeat(5_000),
    'long rubbish': 'A'.repeat(7_000),
    'a deep header': `${segment(`{"alg":"RS256","kid":${'['.repeat(2_000)}${']'.repeat(2_000)}}`)}.AA.AA`,
    'deep claims': `${segment({ alg: 'RS256', kid: 'rsa' })}.${segment('{"a":'.repeat(900))}.AA`,
    'a long name of an algorithm': makeToken(rsa, claims(), { alg: 'X'.repeat(4_000) }),
    'an algorithm with line breaks': makeToken(rsa, claims(), { alg: 'RS256"\r\nSet-Cookie: a=b' }),
  });
  const tooLong = await api.with(good({ fill: 'x'.repeat(20_000) }));
  assert.ok(tooLong.status >= 400 && tooLong.status < 500);
});

test('what an attacker writes does not stand in the refusal', async () => {
  for (const alg of ['RS256"\r\nSet-Cookie: a=b', 'x" scope="admin', '<script>', 'é', '\u2028', 'a b']) {
    const reply = await api.with(makeToken(rsa, claims(), { alg }));
    assert.equal(
      told(reply),
      '401 Bearer scope="" error="invalid_token" error_description="signing method is invalid"',
    );
    assert.deepEqual(
      reply.headers.filter(([name]) => name.toLowerCase() === 'set-cookie'),
      [],
    );
  }
});

test('after all of that the door is as it was', async () => {
  assert.equal(told(await api.with(good())), '200');
  assert.deepEqual(stand.postern.errors, []);
});
