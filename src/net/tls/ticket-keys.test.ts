// Sessions that other processes began, by real clients (docs/guide/tls-and-domains.md).
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { issueCertificate } from '../../../test/support/certificates.ts';
import { createListener, type Listener } from '../listener/listener.ts';
import { TicketKeys } from './ticket-keys.ts';

const DAY = 86_400_000;
const SECRET = Buffer.alloc(32, 7);
const identity = issueCertificate({ names: ['shop.test'] });
const renewed = issueCertificate({ names: ['shop.test'] });

interface Process {
  readonly port: number;
  readonly listener: Listener;
}

/** What a process does with sessions of which `now` is the time. */
async function start(t: TestContext, now: () => number, secret: Uint8Array = SECRET): Promise<Process> {
  const listener = createListener({
    tls: { identity, tickets: new TicketKeys(secret, now) },
    onExchange: (exchange) => exchange.send(200, '', ''),
  });
  const { port } = await listener.listen('127.0.0.1', 0);
  t.after(() => listener.close(0));
  return { port, listener };
}

interface Visit {
  readonly isResumed: boolean;
  /** For the next visit. */
  readonly session: Buffer | undefined;
}

function visit(
  { port }: Process,
  maxVersion: 'TLSv1.2' | 'TLSv1.3',
  session: Buffer | undefined,
): Promise<Visit> {
  return new Promise((resolve, reject) => {
    let given: Buffer | undefined = session;
    let isResumed = false;
    const socket = connect({
      host: '127.0.0.1',
      port,
      servername: 'shop.test',
      rejectUnauthorized: false,
      maxVersion,
      session,
    });
    socket.on('session', (next) => {
      given = next;
    });
    socket.on('secureConnect', () => {
      isResumed = socket.isSessionReused();
    });
    socket.on('error', reject);
    // Tickets of TLS 1.3 come after the handshake, and before the reply.
    socket.on('data', () => socket.end());
    socket.on('close', () => resolve({ isResumed, session: given }));
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  });
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  describe(`sessions of ${version}`, () => {
    // From the day of the first visit to that of the second.
    const rows: readonly [name: string, days: number, isResumed: boolean][] = [
      ['of the same day', 0, true],
      ['of yesterday', 1, true],
      ['of the day before', 2, false],
      ['of a machine whose clock is ahead', -1, true],
    ];
    for (const [name, days, isResumed] of rows) {
      test(`${name}, at another process`, async (t) => {
        const one = await start(t, () => 20_000 * DAY + 1);
        const other = await start(t, () => (20_000 + days) * DAY + 1);
        const first = await visit(one, version, undefined);
        assert.equal(first.isResumed, false);
        assert.equal((await visit(other, version, first.session)).isResumed, isResumed);
      });
    }

    test('of another secret', async (t) => {
      const one = await start(t, Date.now);
      const other = await start(t, Date.now, Buffer.alloc(32, 8));
      const { session } = await visit(one, version, undefined);
      assert.equal((await visit(other, version, session)).isResumed, false);
    });

    test('outlive a renewed certificate, here and elsewhere', async (t) => {
      const one = await start(t, Date.now);
      const other = await start(t, Date.now);
      const { session } = await visit(one, version, undefined);
      one.listener.setIdentity(renewed);
      assert.equal((await visit(one, version, session)).isResumed, true);
      const { session: later } = await visit(one, version, undefined);
      assert.equal((await visit(other, version, later)).isResumed, true);
    });

    test('go on across midnight, with another ticket where one is given', async (t) => {
      let now = 20_000 * DAY + DAY - 1;
      const one = await start(t, () => now);
      let { session } = await visit(one, version, undefined);
      for (let day = 0; day < 3; day++) {
        const next = await visit(one, version, session);
        assert.equal(next.isResumed, version === 'TLSv1.3' || day < 2, `after ${day} days`);
        session = next.session;
        now += DAY;
      }
    });
  });
}
