// Links over real sockets: nodes with the cluster's secret, or certificates of its authority, find each other and lose each other; nobody else
// gets further than a handshake, and nobody gets more than a place among few.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { TEST_CERTIFICATE, TEST_KEY } from '../../../test/support/certificate.ts';
import { ChannelError, FIRST_KIND } from '../../net/channel/channel.ts';
import type { Hello } from './hello.ts';
import { leaseTimes } from './lease-times.ts';
import { type LinkSecurity, securityByCertificates, securityBySecret } from './link-security.ts';
import { Links } from './links.ts';
import { HELLO } from './protocol.ts';

const SECRET = 'a secret of a cluster that is long enough';
const KIND = FIRST_KIND + 100;
const CLUSTER = '6a3f6c0e-0f8e-4f2a-9d55-0c1f6e0f0f01';

interface Stand {
  readonly links: Links;
  readonly hello: Hello;
  readonly address: string;
  readonly logged: string[];
  /** Resolves when `incarnation` is linked. */
  linkedTo(incarnation: number): Promise<void>;
}

const stands: Stand[] = [];
after(() => Promise.all(stands.map(({ links }) => links.close())));

async function node(
  incarnation: number,
  security: LinkSecurity = securityBySecret([SECRET]),
  more: Partial<Hello> = {},
): Promise<Stand> {
  const hello: Hello = {
    protocols: [1, 1],
    level: 1,
    program: '0.1.0',
    cluster: CLUSTER,
    number: incarnation,
    incarnation,
    ...more,
  };
  const logged: string[] = [];
  const links = new Links({
    security,
    times: leaseTimes(2),
    me: () => hello,
    log: (event, fields) => logged.push(`${event} ${'reason' in fields ? fields.reason : ''}`.trim()),
  });
  links.onAsk(KIND, (body, from) => `${hello.number} heard ${body} of ${from}`);
  const address = `127.0.0.1:${await links.listen('127.0.0.1', 0)}`;
  const stand: Stand = {
    links,
    hello,
    address,
    logged,
    linkedTo: (other) => until(() => links.isLinked(other)),
  };
  stands.push(stand);
  return stand;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const peerOf = ({ hello: { incarnation, number }, address }: Stand) => ({ incarnation, number, address });

async function meet(one: Stand, other: Stand): Promise<void> {
  one.links.setPeers([peerOf(other)]);
  other.links.setPeers([peerOf(one)]);
  await Promise.all([one.linkedTo(other.hello.incarnation), other.linkedTo(one.hello.incarnation)]);
}

test('two nodes with the secret ask and tell each other, and what is too large is refused', async () => {
  const [one, other] = [await node(1), await node(2)];
  const told: string[] = [];
  other.links.onTell(KIND, (body, from) => told.push(`${body} of ${from}`));
  await meet(one, other);
  assert.equal(String(await one.links.ask(2, KIND, 'hello', 5_000)), '2 heard hello of 1');
  assert.equal(String(await other.links.ask(1, KIND, 'yes', 5_000)), '1 heard yes of 2');
  one.links.tellAll(KIND, 'news');
  await until(() => told.length > 0);
  assert.deepEqual(told, ['news of 1']);
  await assert.rejects(one.links.ask(2, KIND, Buffer.alloc(300_000), 5_000), ChannelError);
  await assert.rejects(one.links.ask(2, KIND + 1, '', 5_000), /does not know what it is asked/);
  await assert.rejects(one.links.ask(3, KIND, '', 5_000), /no link/);
});

test('a node that only one side can dial is linked for both', async () => {
  const [one, other] = [await node(3), await node(4)];
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as { port: number };
  closed.close();
  one.links.setPeers([{ ...peerOf(other), address: `127.0.0.1:${port}` }]);
  other.links.setPeers([peerOf(one)]);
  await Promise.all([one.linkedTo(4), other.linkedTo(3)]);
  assert.equal(String(await one.links.ask(4, KIND, 'back', 5_000)), '4 heard back of 3');
});

test('what is said to a node stays in order while a second channel to it comes up', async (t) => {
  const [one, other] = [await node(25), await node(26)];
  const told: string[] = [];
  other.links.onTell(KIND, (body) => told.push(String(body)));
  const proxy = async (to: Stand, onClient: (client: Socket, server: Socket) => void) => {
    const [host, port] = to.address.split(':');
    const server = createServer((client) => {
      const end = connect({ host, port: Number(port) });
      for (const socket of [client, end]) socket.on('error', () => undefined);
      onClient(client, end);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    t.after(() => server.close());
    return `127.0.0.1:${(server.address() as { port: number }).port}`;
  };
  let answers: Socket | undefined;
  const toOne = await proxy(one, (client, server) => {
    answers = server;
    client.pipe(server).pipe(client);
  });
  let release = (): void => undefined;
  const toOther = await proxy(other, (client, server) => {
    release = () => void client.pipe(server).pipe(client);
  });
  let channels = 0;
  one.links.onLinked(() => channels++);
  other.links.setPeers([{ ...peerOf(one), address: toOne }]);
  one.links.setPeers([{ ...peerOf(other), address: toOther }]);
  await until(() => channels === 1 && other.links.isLinked(25));
  // What goes over the channel that the other has dialled stays in the proxy.
  answers!.pause();
  one.links.tell(26, KIND, 'first');
  release();
  await until(() => channels === 2);
  one.links.tell(26, KIND, 'second');
  // Time to overtake, which nothing waits for.
  await new Promise((resolve) => setTimeout(resolve, 50));
  answers!.resume();
  await until(() => told.length === 2);
  assert.deepEqual(told, ['first', 'second']);
});

test('a node that comes back is dialled again, and one that is no peer any more is let go', async () => {
  const [one, other] = [await node(5), await node(6)];
  await meet(one, other);
  other.links.endAll();
  await until(() => !one.links.isLinked(6));
  other.links.setPeers([peerOf(one)]);
  await one.linkedTo(6);
  one.links.setPeers([]);
  assert.deepEqual(one.links.linked(), []);
  await assert.rejects(one.links.ask(6, KIND, '', 5_000), /no link/);
});

test('a secret is changed node by node', async () => {
  const [old, next] = ['the old secret, with thirty-two letters', 'the new secret, with thirty-two letters'];
  const one = await node(7, securityBySecret([next, old]));
  const other = await node(8, securityBySecret([old, next]));
  await meet(one, other);
  assert.equal(String(await one.links.ask(8, KIND, 'a', 5_000)), '8 heard a of 7');
});

test('with certificates of their authority nodes need no other key, and others have none', async () => {
  const files = { cert: TEST_CERTIFICATE, key: TEST_KEY, ca: TEST_CERTIFICATE };
  const [one, other] = [
    await node(21, securityByCertificates(files)),
    await node(22, securityByCertificates(files)),
  ];
  await meet(one, other);
  assert.equal(String(await one.links.ask(22, KIND, 'a', 5_000)), '22 heard a of 21');
  for (const without of [
    securityBySecret([SECRET]),
    { ...securityByCertificates(files), client: { ca: TEST_CERTIFICATE } },
  ]) {
    const stranger = await node(23, without);
    stranger.links.setPeers([peerOf(one)]);
    await until(() => stranger.logged.length > 0);
    assert.deepEqual(stranger.links.linked(), []);
  }
});

test('two versions with nothing in common say so on both sides', async () => {
  const one = await node(9, undefined, { protocols: [3, 4], program: '3.0.0' });
  const other = await node(10);
  one.links.setPeers([peerOf(other)]);
  const reason =
    'Node 10 (Postern 0.1.0) speaks the versions 1 to 1 of the protocol between nodes, node 9 (Postern 3.0.0) 3 to 4: upgrade by one release at a time.';
  await until(() => one.logged.length > 0 && other.logged.length > 0);
  assert.deepEqual([one.logged[0], other.logged[0]], [`link.down ${reason}`, `link.refused ${reason}`]);
  assert.deepEqual([one.links.linked(), other.links.linked()], [[], []]);
});

test('a node of another cluster, and another node at an address, are no peers', async () => {
  const one = await node(11);
  const stranger = await node(12, undefined, { cluster: 'another' });
  const other = await node(13);
  one.links.setPeers([peerOf(stranger), { ...peerOf(other), incarnation: 14 }]);
  await until(() => one.logged.length > 1);
  assert.match(one.logged.join('\n'), /one of the two has another store/);
  assert.match(one.logged.join('\n'), /Another node answers at its address/);
});

test('who does not have the secret does not get past the handshake', async () => {
  const one = await node(15);
  const stranger = await node(16, securityBySecret(['another secret that is also long enough']));
  stranger.links.setPeers([peerOf(one)]);
  await until(() => stranger.logged.length > 0);
  assert.match(stranger.logged[0]!, /^link\.down It does not know the secret of this node: cluster\.secret /);
  assert.deepEqual(one.links.linked(), []);
  // The right name of the key, and another key.
  const { client } = securityBySecret([SECRET]);
  const { identity } = client.pskCallback!('')!;
  const [host, port] = one.address.split(':');
  const liar = connectTls({
    host,
    port: Number(port),
    ...client,
    pskCallback: () => ({ identity, psk: Buffer.alloc(32) }),
  });
  const [error] = await once(liar, 'error');
  assert.ok(error instanceof Error);
});

test('bytes that are no handshake, and nodes that do not say who they are, are sent away', async () => {
  const one = await node(17);
  const [host, port] = one.address.split(':');
  const garbage = connect({ host, port: Number(port) });
  garbage.write('GET / HTTP/1.1\r\n\r\n');
  garbage.resume();
  await once(garbage, 'close');

  for (const bytes of [
    // More than a frame may have; a kind that is none of a stranger's; what is no hello.
    Buffer.from([0xff, 0xff, 0xff, 0xff]),
    frame(KIND, 1, 'what are you'),
    frame(KIND, 0, 'listen'),
    frame(HELLO, 1, '{"protocols":[1,1],"__proto__":{"cluster":"x"}}'),
    frame(HELLO, 1, 'x'.repeat(200_000)),
  ]) {
    const socket = connectTls({ host, port: Number(port), ...securityBySecret([SECRET]).client });
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(bytes);
    await once(socket, 'close');
  }
  assert.deepEqual(one.links.linked(), []);
  const other = await node(18);
  await meet(one, other);
});

test('no more than a few may be strangers at the same time', async () => {
  const one = await node(19);
  const [host, port] = one.address.split(':');
  const idle: Socket[] = [];
  let closed = 0;
  for (let i = 0; i < 80; i++) {
    const socket = connect({ host, port: Number(port) });
    socket.on('error', () => undefined);
    socket.on('close', () => closed++);
    socket.resume();
    idle.push(socket);
  }
  await until(() => closed >= 16);
  assert.equal(closed, 16);
  for (const socket of idle) socket.destroy();
  const other = await node(20);
  await meet(one, other);
});

test('strangers that take every place keep no node out', async () => {
  const one = await node(24);
  const [host, port] = one.address.split(':');
  let isOver = false;
  const opened = new Set<Socket>();
  const open = (): void => {
    const socket = connect({ host, port: Number(port) });
    opened.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      opened.delete(socket);
      if (!isOver) setTimeout(open, 50);
    });
    socket.resume();
  };
  for (let i = 0; i < 100; i++) open();
  await until(() => opened.size >= 64);
  // It can only be dialled, so that what is refused there is a link that is not.
  const other = await node(25);
  one.links.setPeers([{ ...peerOf(other), address: `127.0.0.1:1` }]);
  other.links.setPeers([peerOf(one)]);
  await Promise.all([one.linkedTo(25), other.linkedTo(24)]);
  isOver = true;
  for (const socket of opened) socket.destroy();
});

function frame(kind: number, number: number, body: string): Buffer {
  const bytes = Buffer.alloc(9 + body.length);
  bytes.writeUInt32LE(5 + body.length, 0);
  bytes[4] = kind;
  bytes.writeUInt32LE(number, 5);
  bytes.write(body, 9);
  return bytes;
}
