// The load generator: wrk with a generated script that sends one request over and over and prints one JSON line.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Cores, pinned, versionOf } from './cores.ts';

export interface Load {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly connections?: number;
  /** Milliseconds a connection waits before each request; absent: none. */
  readonly pauseMillis?: number;
}

export interface LoadResult {
  readonly requests: number;
  /** Replies from status 400 on (the backend says 418 to what is mapped wrongly) and failed connections. */
  readonly failed: number;
  /** The same by kind: `3 status, 1 timeout`. */
  readonly failures: string;
  readonly seconds: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly maxMicros: number;
}

export function wrkVersion(): string | undefined {
  return versionOf('wrk', ['-v']);
}

/** What a load generator is told of a gateway. */
export interface Where {
  readonly cores: Cores;
  readonly folder: string;
  readonly port: number;
  /** Over TLS. */
  readonly secure?: boolean;
}

let scripts = 0;

/** Runs wrk for some seconds. */
export async function wrk(where: Where, load: Load, seconds: number): Promise<LoadResult> {
  const script = join(where.folder, `load-${++scripts}.lua`);
  writeFileSync(script, lua(load));
  const [command, args] = pinned(where.cores, where.cores.load, 'wrk', [
    `-t${where.cores.loadThreads}`,
    `-c${load.connections ?? 64}`,
    `-d${seconds}s`,
    '-s',
    script,
    `${where.secure === true ? 'https' : 'http'}://127.0.0.1:${where.port}${load.target}`,
  ]);
  const { stdout } = await promisify(execFile)(command, [...args], { encoding: 'utf8' });
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`wrk printed no result:\n${stdout}`);
  const counted: Record<string, number> = JSON.parse(line);
  const kinds = ['connect', 'read', 'write', 'timeout', 'status'].filter((kind) => counted[kind] !== 0);
  return {
    requests: counted.requests!,
    failed: kinds.reduce((sum, kind) => sum + counted[kind]!, 0),
    failures: kinds.map((kind) => `${counted[kind]} ${kind}`).join(', '),
    seconds: counted.micros! / 1e6,
    p50Micros: counted.p50!,
    p99Micros: counted.p99!,
    maxMicros: counted.max!,
  };
}

function lua(load: Load): string {
  const lines = [`wrk.method = ${quote(load.method)}`];
  for (const [name, value] of Object.entries(load.headers)) {
    // wrk adds a Host header of its own unless it finds one spelled so.
    lines.push(`wrk.headers[${quote(name === 'host' ? 'Host' : name)}] = ${quote(value)}`);
  }
  if (load.body !== undefined) lines.push(`wrk.body = ${quote(load.body)}`);
  if (load.pauseMillis !== undefined) lines.push(`delay = function() return ${load.pauseMillis} end`);
  lines.push(`done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('\\n{"requests":%d,"micros":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d,"p50":%d,"p99":%d,"max":%d}\\n',
    summary.requests, summary.duration, e.connect, e.read, e.write, e.timeout, e.status,
    latency:percentile(50), latency:percentile(99), latency.max))
end`);
  return `${lines.join('\n')}\n`;
}

/** A Lua string; JSON's escapes of the characters used here mean the same in Lua. */
function quote(text: string): string {
  return JSON.stringify(text);
}
