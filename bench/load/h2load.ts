// The load generator of HTTP/2: h2load of nghttp2, with as many requests in flight as wrk has connections.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pinned, versionOf } from './cores.ts';
import type { Load, LoadResult, Where } from './wrk.ts';

const CONNECTIONS = 8;
/** Requests in flight on each. */
const STREAMS = 8;

export function h2loadVersion(): string | undefined {
  return versionOf('h2load', ['--version']);
}

/** Runs h2load for some seconds. It tells no percentiles, so those are NaN. Throws when another protocol was chosen. */
export async function h2load(where: Where, load: Load, seconds: number): Promise<LoadResult> {
  const { host, ...headers } = load.headers;
  const [command, args] = pinned(where.cores, where.cores.load, 'h2load', [
    `-t${where.cores.loadThreads}`,
    `-c${CONNECTIONS}`,
    `-m${STREAMS}`,
    `-D${seconds}`,
    `--connect-to=127.0.0.1:${where.port}`,
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    `https://${host}${load.target}`,
  ]);
  const { stdout } = await promisify(execFile)(command, args, { encoding: 'utf8' });
  return readResult(stdout, seconds);
}

function readResult(text: string, seconds: number): LoadResult {
  const numbers = (pattern: RegExp): number[] => (pattern.exec(text) ?? []).slice(1).map(Number);
  if (!/^Application protocol: h2$/m.test(text)) throw new Error(`h2load spoke no HTTP/2:\n${text}`);
  if (!/^TLS Protocol: TLSv1\.3$/m.test(text)) throw new Error(`h2load spoke no TLS 1.3:\n${text}`);
  const [ok = 0, , clientErrors = 0, serverErrors = 0] = numbers(
    /^status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx$/m,
  );
  const [errored = 0, timeouts = 0] = numbers(/(\d+) errored, (\d+) timeout$/m);
  const status = clientErrors + serverErrors;
  const failed = status + errored + timeouts;
  return {
    requests: ok,
    failed,
    failures: failed === 0 ? '' : `${status} status, ${errored} errored, ${timeouts} timeout`,
    seconds,
    p50Micros: Number.NaN,
    p99Micros: Number.NaN,
    maxMicros: Number.NaN,
  };
}
