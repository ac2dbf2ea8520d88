// The network of a stand. Where the tests run as root on Linux, each node has a network namespace behind a router of its own, which can
// drop what goes from one to another without anybody being told, as a broken network does. Elsewhere all are on 127.0.0.1, and nothing
// can be cut.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Network {
  readonly canCut: boolean;
  /** Where clients and backends are, as nodes see them. */
  readonly clients: string;
  readonly postgres: string;
  readonly valkey: string;
  /** Where a node is, as everybody sees it. */
  addressOf(node: number): string;
  /** What a node's command begins with. */
  commandOf(node: number): readonly string[];
  /** Nothing goes from one address to the other, in either direction, until what comes back is called. */
  cut(one: string, other: string): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** Why there are no namespaces; undefined where there are. */
export async function reasonAgainstNamespaces(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s';
  if (process.getuid?.() !== 0) return 'network namespaces are made by root alone';
  const name = `ptry${process.pid}`;
  try {
    await run('ip', ['netns', 'add', name]);
    await run('ip', ['netns', 'del', name]);
    return undefined;
  } catch (error) {
    return `ip netns does not work here: ${String((error as Error).message).trim()}`;
  }
}

const LOOPBACK = '127.0.0.1';

export function loopback(): Network {
  return {
    canCut: false,
    clients: LOOPBACK,
    postgres: LOOPBACK,
    valkey: LOOPBACK,
    addressOf: () => LOOPBACK,
    commandOf: () => [],
    cut: () => Promise.reject(new Error('nothing can be cut on 127.0.0.1')),
    close: () => Promise.resolve(),
  };
}

/** Interfaces have short names; this one says whose they are, so that several stands do not meet. */
export async function openNamespaces(nodes: number): Promise<Network> {
  const id = process.pid.toString(36);
  // 10.64.0.0 to 10.127.0.0: one of 64 for each stand.
  const net = `10.${64 + (process.pid % 64)}`;
  const router = `pr${id}`;
  const nodeName = (node: number): string => `pn${id}-${node}`;
  const addressOf = (node: number): string => `${net}.${node + 1}.2`;
  const steps: string[] = [
    `netns add ${router}`,
    `-n ${router} link set lo up`,
    `link add p${id} type veth peer name root netns ${router}`,
    // Engines have addresses of their own, so that a node can be cut from one of them alone.
    ...[2, 3, 4].map((last) => `addr add ${net}.0.${last}/24 dev p${id}`),
    `link set p${id} up`,
    `-n ${router} addr add ${net}.0.1/24 dev root`,
    `-n ${router} link set root up`,
    `route add ${net}.0.0/16 via ${net}.0.1`,
  ];
  for (let node = 0; node < nodes; node++) {
    const name = nodeName(node);
    steps.push(
      `netns add ${name}`,
      `-n ${name} link set lo up`,
      `-n ${router} link add n${node} type veth peer name eth0 netns ${name}`,
      `-n ${router} addr add ${net}.${node + 1}.1/30 dev n${node}`,
      `-n ${router} link set n${node} up`,
      `-n ${name} addr add ${addressOf(node)}/30 dev eth0`,
      `-n ${name} link set eth0 up`,
      `-n ${name} route add default via ${net}.${node + 1}.1`,
    );
  }
  const close = async (): Promise<void> => {
    for (const name of [router, ...Array.from({ length: nodes }, (_, node) => nodeName(node))]) {
      await run('ip', ['netns', 'del', name]).catch(() => undefined);
    }
    await run('ip', ['link', 'del', `p${id}`]).catch(() => undefined);
  };
  try {
    for (const step of steps) await run('ip', step.split(' '));
    await run('ip', ['netns', 'exec', router, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward']);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    canCut: true,
    clients: `${net}.0.2`,
    postgres: `${net}.0.3`,
    valkey: `${net}.0.4`,
    addressOf,
    commandOf: (node) => ['ip', 'netns', 'exec', nodeName(node)],
    cut: (one, other) => cut(router, one, other),
    close,
  };
}

async function cut(router: string, one: string, other: string): Promise<() => Promise<void>> {
  const rules = [
    ['from', one, 'to', other],
    ['from', other, 'to', one],
  ];
  for (const rule of rules) await run('ip', ['-n', router, 'rule', 'add', ...rule, 'blackhole']);
  let isCut = true;
  return async () => {
    if (!isCut) return;
    isCut = false;
    for (const rule of rules) await run('ip', ['-n', router, 'rule', 'del', ...rule, 'blackhole']);
  };
}
