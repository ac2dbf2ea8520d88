// Keys of issuers, fetched from a real one (spec/http-api.md §6.2.3, Choice C51). Only the clock is the tests' own.
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { TEST_CERTIFICATE, TEST_KEY } from '../../../test/support/certificate.ts';
import { logTo } from '../../../test/support/logged.ts';
import {
  makeKey,
  makeToken,
  secondsFromNow,
  startTokenIssuer,
  type TokenIssuer,
} from '../../../test/support/token-issuer.ts';
import { SYSTEM_CLOCK } from '../../clock.ts';
import type { Issuer } from './issuer.ts';
import { Issuers } from './issuers.ts';
import { TokenProblem } from './problems.ts';
import type { JwtSettings } from './settings.ts';
import { VerifiedToken } from './verified-token.ts';

const ISSUER = 'https://login.example.com/realms/shop';
const DISCOVERY = '/realms/shop/.well-known/openid-configuration';
const KEYS = '/realms/shop/keys';
const MINUTE = 60_000;

const [first, second] = [makeKey('ES256', 'first'), makeKey('ES256', 'second')];
const token = (key = first, sub = 'me') => makeToken(key, { sub, exp: secondsFromNow(86_400) });

interface Stand {
  readonly server: TokenIssuer;
  readonly issuer: Issuer;
  readonly issuers: Issuers;
  readonly warnings: readonly string[];
  /** Milliseconds go by. */
  later(millis: number): void;
}

async function stand(
  t: TestContext,
  options: { jwksUri?: string; timeoutMillis?: number; address?: string } = {},
): Promise<Stand> {
  const server = await startTokenIssuer(ISSUER, [first], options.jwksUri);
  const warnings: string[] = [];
  let now = 1_000_000;
  const settings = { issuer: ISSUER, address: options.address ?? server.address, ca: undefined };
  const issuers = new Issuers(
    { issuers: [settings], anyHttpIssuer: false },
    {
      log: logTo(({ fields }) => warnings.push(String(fields.reason))),
      ca: [],
      clock: { ...SYSTEM_CLOCK, monotonic: () => now },
      ...(options.timeoutMillis === undefined ? {} : { timeoutMillis: options.timeoutMillis }),
    },
  );
  t.after(async () => {
    issuers.close();
    await server.close();
  });
  const later = (millis: number) => {
    now += millis;
  };
  return { server, issuers, issuer: issuers.acquire(ISSUER), warnings, later };
}

async function outcome(issuer: Issuer, text = token()): Promise<string> {
  const result = await issuer.verify(text);
  return result instanceof TokenProblem ? result.description : 'verified';
}

const UNKNOWN = 'unable to find a key with the specified kid';
const NO_DISCOVERY = 'OIDC discovery endpoint communication error';
const NO_KEYS = 'JWKS communication error';

test('keys are fetched once for all who wait, and known without waiting from then on', async (t) => {
  const { server, issuer } = await stand(t);
  const texts = Array.from({ length: 50 }, (_, i) => token(first, `user ${i}`));
  assert.deepEqual(
    new Set(await Promise.all(texts.map((text) => outcome(issuer, text)))),
    new Set(['verified']),
  );
  assert.deepEqual(server.asked, [DISCOVERY, KEYS]);
  assert.ok(issuer.verify(token()) instanceof VerifiedToken);
  assert.ok(issuer.known(texts[7]!) instanceof VerifiedToken);
});

test('rotation: an unknown kid has the keys fetched again, at most once a minute', async (t) => {
  const { server, issuer, later } = await stand(t);
  assert.equal(await outcome(issuer), 'verified');
  server.keys = [first, second];
  assert.equal(await outcome(issuer, token(second)), 'verified');
  assert.equal(server.asked.length, 4);
  const unknown = token(makeKey('ES256', 'third'));
  for (let i = 0; i < 20; i++) assert.equal(await outcome(issuer, unknown), UNKNOWN);
  assert.equal(server.asked.length, 4);
  later(MINUTE);
  assert.deepEqual(
    await Promise.all(Array.from({ length: 20 }, () => outcome(issuer, unknown))),
    Array.from({ length: 20 }, () => UNKNOWN),
  );
  assert.equal(server.asked.length, 6);
});

test('rotation: a key that is published no more verifies nothing, tokens it has verified included', async (t) => {
  const { server, issuer } = await stand(t);
  const text = token();
  assert.equal(await outcome(issuer, text), 'verified');
  assert.ok(issuer.known(text));
  server.keys = [second];
  assert.equal(await outcome(issuer, token(second)), 'verified');
  assert.equal(issuer.known(text), undefined);
  assert.equal(await outcome(issuer, text), UNKNOWN);
});

test('rotation: another key under the same kid takes its place', async (t) => {
  const { server, issuer } = await stand(t);
  const text = token();
  assert.equal(await outcome(issuer, text), 'verified');
  server.keys = [makeKey('ES256', 'first'), second];
  assert.equal(await outcome(issuer, token(second)), 'verified');
  assert.equal(issuer.known(text), undefined);
  assert.equal(await outcome(issuer, text), 'signature is invalid');
});

test('keys are kept for two hours and renewed after one, while they are used', async (t) => {
  const { server, issuer, later } = await stand(t);
  const text = token();
  assert.equal(await outcome(issuer, text), 'verified');
  later(59 * MINUTE);
  assert.ok(issuer.known(text));
  assert.equal(server.asked.length, 2);
  server.instead = (_request, response) => {
    response.statusCode = 503;
    response.end();
    return true;
  };
  later(2 * MINUTE);
  assert.ok(issuer.known(text), 'renewal goes on behind the request');
  assert.equal(await outcome(issuer, token(second)), UNKNOWN);
  assert.equal(server.asked.length, 3);
  later(58 * MINUTE);
  assert.ok(issuer.known(text));
  later(2 * MINUTE);
  assert.equal(issuer.known(text), undefined);
  assert.equal(await outcome(issuer, text), NO_DISCOVERY);
});

test('a renewal with the same keys keeps the tokens', async (t) => {
  const { server, issuer, later } = await stand(t);
  const text = token();
  assert.equal(await outcome(issuer, text), 'verified');
  const known = issuer.known(text);
  later(61 * MINUTE);
  assert.equal(issuer.known(text), known);
  // Waits for the renewal, which another asks for too.
  assert.equal(await outcome(issuer, token(second)), UNKNOWN);
  assert.deepEqual(server.asked, [DISCOVERY, KEYS, DISCOVERY, KEYS]);
  assert.equal(issuer.known(text), known);
  later(119 * MINUTE);
  assert.equal(issuer.known(text), known);
});

test('a failure stands for a second, then two, then four, at most thirty', async (t) => {
  const { server, issuer, later, warnings } = await stand(t);
  server.instead = (_request, response) => {
    response.statusCode = 500;
    response.end();
    return true;
  };
  for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = server.asked.length;
    for (let i = 0; i < 10; i++) assert.equal(await outcome(issuer), NO_DISCOVERY);
    assert.equal(server.asked.length, before + 1);
    later(pause - 1);
    assert.equal(await outcome(issuer), NO_DISCOVERY);
    assert.equal(server.asked.length, before + 1);
    later(1);
  }
  assert.equal(warnings.length, 7);
  server.instead = undefined;
  assert.equal(await outcome(issuer), 'verified');
});

interface Broken {
  readonly name: string;
  readonly path: string;
  readonly reply: {
    readonly status?: number;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  };
  readonly problem: string;
}

const broken: readonly Broken[] = [
  {
    name: 'a redirect of the discovery document',
    path: DISCOVERY,
    reply: { status: 302, headers: { Location: KEYS } },
    problem: NO_DISCOVERY,
  },
  {
    name: 'a discovery document that is no JSON',
    path: DISCOVERY,
    reply: { body: '<html>' },
    problem: NO_DISCOVERY,
  },
  {
    name: 'a discovery document that is null',
    path: DISCOVERY,
    reply: { body: 'null' },
    problem: NO_DISCOVERY,
  },
  {
    name: 'a discovery document without jwks_uri',
    path: DISCOVERY,
    reply: { body: '{}' },
    problem: NO_DISCOVERY,
  },
  {
    name: 'a jwks_uri without TLS elsewhere',
    path: DISCOVERY,
    reply: { body: '{"jwks_uri":"http://evil.example.com/keys"}' },
    problem: NO_DISCOVERY,
  },
  {
    name: 'a jwks_uri that is a file',
    path: DISCOVERY,
    reply: { body: '{"jwks_uri":"file:///etc/passwd"}' },
    problem: NO_DISCOVERY,
  },
  {
    name: 'a jwks_uri that is no URL',
    path: DISCOVERY,
    reply: { body: '{"jwks_uri":"keys"}' },
    problem: NO_DISCOVERY,
  },
  {
    name: 'a jwks_uri with a password',
    path: DISCOVERY,
    reply: { body: '{"jwks_uri":"https://a:b@login.example.com/keys"}' },
    problem: NO_DISCOVERY,
  },
  { name: 'keys that are missing', path: KEYS, reply: { status: 404 }, problem: NO_KEYS },
  {
    name: 'a redirect of the keys',
    path: KEYS,
    reply: { status: 307, headers: { Location: '/other' } },
    problem: NO_KEYS,
  },
  { name: 'keys that are no JWKS', path: KEYS, reply: { body: '[]' }, problem: NO_KEYS },
  {
    name: 'keys over 150,000 bytes',
    path: KEYS,
    reply: { body: `{"keys":[]}${' '.repeat(150_000)}` },
    problem: NO_KEYS,
  },
];

for (const { name, path, reply, problem } of broken) {
  test(`nobody gets in: ${name}`, async (t) => {
    const { server, issuer } = await stand(t);
    server.instead = (request, response) => {
      if (request.url !== path) return false;
      response.writeHead(reply.status ?? 200, reply.headers);
      response.end(reply.body);
      return true;
    };
    assert.equal(await outcome(issuer), problem);
    assert.equal(server.asked.at(-1), path);
  });
}

test('keys of just 150,000 bytes are taken', async (t) => {
  const { server, issuer } = await stand(t);
  server.instead = (request, response) => {
    if (request.url !== KEYS) return false;
    response.end(JSON.stringify({ keys: [first.jwk] }).padEnd(150_000));
    return true;
  };
  assert.equal(await outcome(issuer), 'verified');
});

test('an issuer that does not answer in time is given up', async (t) => {
  const { server, issuer, warnings } = await stand(t, { timeoutMillis: 20 });
  server.instead = () => true;
  assert.equal(await outcome(issuer), NO_DISCOVERY);
  assert.match(warnings[0]!, /no answer within 20 ms/);
});

test('an issuer whose keys trickle is given up', async (t) => {
  // Long enough for discovery on a busy machine.
  const { server, issuer } = await stand(t, { timeoutMillis: 500 });
  server.instead = (request, response) => {
    if (request.url !== KEYS) return false;
    const timer = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(timer));
    return true;
  };
  assert.equal(await outcome(issuer), NO_KEYS);
});

test('an issuer that is not there is given up', async (t) => {
  const { server, issuer } = await stand(t);
  await server.close();
  assert.equal(await outcome(issuer), NO_DISCOVERY);
});

test('the address stands in for the issuer’s host, and for its own', async (t) => {
  for (const jwksUri of [undefined, `https://login.example.com/realms/shop/keys`]) {
    const { issuer } = await stand(t, jwksUri === undefined ? {} : { jwksUri });
    assert.equal(await outcome(issuer), 'verified');
  }
  const { server, issuer } = await stand(t);
  server.instead = (request, response) => {
    if (request.url !== DISCOVERY) return false;
    response.end(JSON.stringify({ jwks_uri: `${server.address}${KEYS}` }));
    return true;
  };
  assert.equal(await outcome(issuer), 'verified');
});

test('a path of two slashes leads to no other host', async (t) => {
  const { server, issuer } = await stand(t, { jwksUri: 'https://login.example.com//evil.example.com/keys' });
  assert.equal(await outcome(issuer), 'verified');
  assert.equal(server.asked.at(-1), '//evil.example.com/keys');
});

test('TLS: the issuer’s certificate is checked, against further authorities too', async (t) => {
  const tls = { cert: TEST_CERTIFICATE, key: TEST_KEY };
  const server = await startTokenIssuer(ISSUER, [first], undefined, tls);
  t.after(() => server.close());
  const asked = async (
    address: string | undefined,
    name: string,
    ca?: string,
    all: readonly string[] = [],
  ) => {
    const issuers = new Issuers(
      { issuers: [{ issuer: name, address, ca }], anyHttpIssuer: false },
      { log: () => {}, ca: all },
    );
    const problem = await outcome(issuers.acquire(name));
    issuers.close();
    return problem;
  };
  const { port } = new URL(server.address);
  assert.equal(await asked(server.address, ISSUER), NO_DISCOVERY);
  assert.equal(await asked(server.address, ISSUER, TEST_CERTIFICATE), 'verified');
  assert.equal(await asked(server.address, ISSUER, undefined, [TEST_CERTIFICATE]), 'verified');
  // At its own URL, which no address stands in for.
  server.instead = (request, response) => {
    if (!request.url!.includes('.well-known')) return false;
    response.end(JSON.stringify({ jwks_uri: `https://localhost:${port}/keys` }));
    return true;
  };
  assert.equal(await asked(undefined, `https://localhost:${port}`, TEST_CERTIFICATE), 'verified');
  assert.equal(await asked(undefined, `https://localhost:${port}`), NO_DISCOVERY);
});

describe('issuers without TLS', () => {
  /** An issuer on a port of this machine that says its keys are at `jwksUri`, asked under a name. */
  async function asked(
    t: TestContext,
    {
      host = '127.0.0.1',
      jwksUri = (name) => `${name}/keys`,
      settings = () => ({}),
    }: {
      readonly host?: string;
      readonly jwksUri?: (address: string) => string;
      readonly settings?: (name: string) => Partial<JwtSettings>;
    },
  ): Promise<readonly [outcome: string, asked: readonly string[], warning: string | undefined]> {
    const server = await startTokenIssuer(`http://${host}`, [first]);
    const name = `http://${host}:${new URL(server.address).port}`;
    server.instead = (request, response) => {
      if (request.url !== '/.well-known/openid-configuration') return false;
      response.end(JSON.stringify({ jwks_uri: jwksUri(name) }));
      return true;
    };
    const warnings: string[] = [];
    const issuers = new Issuers(
      { issuers: [], anyHttpIssuer: false, ...settings(name) },
      { log: logTo(({ fields }) => warnings.push(String(fields.reason))), ca: [], timeoutMillis: 500 },
    );
    t.after(async () => {
      issuers.close();
      await server.close();
    });
    return [await outcome(issuers.acquire(name)), server.asked, warnings[0]];
  }

  test('one on this machine is asked', async (t) => {
    for (const host of ['127.0.0.1', 'localhost', 'LOCALHOST']) {
      const [result] = await asked(t, { host });
      assert.equal(result, 'verified', host);
    }
  });

  test('one elsewhere is not, unless it is named or any is allowed', async (t) => {
    // It leads to this machine and is not spelt so: it stands for a host of a network.
    const host = '0.0.0.0';
    const [result, requests, warning] = await asked(t, { host });
    assert.deepEqual([result, requests], [NO_DISCOVERY, []]);
    assert.match(warning!, /is no https URL, and none of http that is allowed/);
    assert.equal((await asked(t, { host, settings: () => ({ anyHttpIssuer: true }) }))[0], 'verified');
    for (const [end, expected] of [
      ['', 'verified'],
      ['/', 'verified'],
      ['/realms/other', NO_DISCOVERY],
    ] as const) {
      const settings = (name: string): Partial<JwtSettings> => ({
        issuers: [{ issuer: name + end, address: undefined, ca: undefined }],
      });
      assert.equal((await asked(t, { host, settings }))[0], expected, end);
    }
  });

  test('its keys may be on its own host, on this machine, and by https anywhere', async (t) => {
    const elsewhere = 'its discovery document names no https jwks_uri, and none of http that is allowed';
    const rows: readonly (readonly [jwksUri: (name: string) => string, result: string, warning?: RegExp])[] =
      [
        [(name) => `${name}/keys`, 'verified'],
        [(name) => `${name.replace('127.0.0.1', 'localhost')}/keys`, 'verified'],
        [() => 'http://keys.example.com/keys', NO_DISCOVERY, new RegExp(elsewhere)],
        [() => 'ftp://127.0.0.1/keys', NO_DISCOVERY, new RegExp(elsewhere)],
        // Asked, and not there.
        [() => 'https://127.0.0.1:1/keys', NO_KEYS, /https:\/\/127\.0\.0\.1:1\/keys: /],
      ];
    for (const [jwksUri, result, warning] of rows) {
      const [got, , warned] = await asked(t, { jwksUri });
      assert.equal(got, result);
      if (warning !== undefined) assert.match(warned!, warning);
    }
  });
});

test('an issuer of https is never asked by http: not by its jwks_uri, not by a redirect', async (t) => {
  const tls = { cert: TEST_CERTIFICATE, key: TEST_KEY };
  const server = await startTokenIssuer('https://localhost', [first], undefined, tls);
  const plain = await startTokenIssuer('http://127.0.0.1', [first]);
  t.after(() => Promise.all([server.close(), plain.close()]));
  const name = `https://localhost:${new URL(server.address).port}`;
  const documents: readonly ((response: ServerResponse, path: string) => void)[] = [
    (response) => response.end(JSON.stringify({ jwks_uri: `${plain.address}/keys` })),
    (response, path) => response.writeHead(302, { Location: `${plain.address}${path}` }).end(),
  ];
  for (const settings of [{ anyHttpIssuer: false }, { anyHttpIssuer: true }]) {
    for (const document of documents) {
      server.instead = (request, response) => {
        if (!request.url!.includes('.well-known')) return false;
        document(response, request.url!);
        return true;
      };
      const issuers = new Issuers(
        { issuers: [{ issuer: name, address: undefined, ca: TEST_CERTIFICATE }], ...settings },
        { log: () => {}, ca: [] },
      );
      assert.equal(await outcome(issuers.acquire(name)), NO_DISCOVERY);
      issuers.close();
    }
  }
  assert.deepEqual(plain.asked, []);
});

test('issuers are shared by name and forgotten by the last user', async (t) => {
  const { issuers, issuer } = await stand(t);
  assert.equal(issuers.acquire(ISSUER), issuer);
  assert.notEqual(issuers.acquire(`${ISSUER}/`), issuer);
  issuers.release(issuer);
  assert.equal(issuers.acquire(ISSUER), issuer);
  issuers.release(issuer);
  issuers.release(issuer);
  assert.notEqual(issuers.acquire(ISSUER), issuer);
});

test('the check of an issuer: AWS’s text, or nothing (spec/management-api.md §2.6.2)', async (t) => {
  const { server, issuers } = await stand(t);
  assert.equal(await issuers.check(ISSUER), undefined);
  assert.deepEqual(server.asked, [DISCOVERY]);
  await server.close();
  assert.equal(
    await issuers.check(ISSUER),
    `Caught exception when connecting to ${ISSUER}/.well-known/openid-configuration for issuer ${ISSUER}. Please try again later. Error: Invalid issuer: ${ISSUER}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`,
  );
});
