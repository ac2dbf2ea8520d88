// What every gateway and scenario of one benchmark run is given, and what it gives back.
import type { Backend } from './backend.ts';
import type { Reply } from './call.ts';
import type { Cores } from './cores.ts';
import type { Options } from './options.ts';
import type { Program } from './program.ts';

export interface Bench {
  readonly options: Options;
  readonly cores: Cores;
  /** Temporary folder of this run. */
  readonly folder: string;
  readonly backend: Backend;
  /** Installed gateways by name, those left out by --only removed. */
  readonly gateways: ReadonlyMap<string, Gateway>;
  /** One line of progress. */
  say(line: string): void;
}

/** A gateway that can do the mapping work of bench/METHOD.md. */
export interface Gateway {
  readonly name: string;
  /** Undefined: not installed here. */
  version(): string | undefined;
  start(bench: Bench, manner?: Manner): Promise<RunningGateway>;
}

/** How a gateway serves, besides the mapping work. */
export interface Manner {
  /** TLS with the certificate of `certificate.ts`, HTTP/1.1 and HTTP/2, instead of plain HTTP. */
  readonly secure?: boolean;
  /** One line of JSON a request in a file: the eight members of `access-log.ts`. */
  readonly accessLog?: boolean;
}

export interface RunningGateway {
  readonly name: string;
  readonly port: number;
  /** Value of the Host header by which it knows the API. */
  readonly host: string;
  readonly program: Program;
  /** Whether it speaks TLS. */
  readonly secure: boolean;
  /** The file of its access log. */
  readonly accessLog?: string;
  /** What of the six changes it cannot do. */
  readonly lacks: readonly ('status' | 'server')[];
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  run(bench: Bench): Promise<Outcome>;
}

export interface Outcome {
  readonly table: readonly Row[];
  readonly goals: readonly Goal[];
  /** Sentences under the table. */
  readonly notes?: readonly string[];
}

/** One row of a table: column → cell. Columns appear in the order of the first row that has them. */
export type Row = Readonly<Record<string, string | number>>;

/** A goal of the project beside what was measured. */
export type Goal = { readonly what: string; readonly value: number; readonly unit: string } & (
  | { readonly atLeast: number }
  | { readonly atMost: number }
);

export function isMet(goal: Goal): boolean {
  return 'atLeast' in goal ? goal.value >= goal.atLeast : goal.value <= goal.atMost;
}

/** What a reply to one mapped call looks like; undefined when it is right, else what is wrong with it. */
export function wrongWith(
  reply: Reply,
  gateway: Pick<RunningGateway, 'lacks'>,
  bytes = 1024,
): string | undefined {
  const status = gateway.lacks.includes('status') ? 200 : 201;
  if (reply.status !== status) return `status ${reply.status} instead of ${status}`;
  if (reply.headers['x-powered-by'] !== 'gw') return `x-powered-by is ${reply.headers['x-powered-by']}`;
  if (!gateway.lacks.includes('server') && reply.headers.server !== undefined)
    return 'server was not removed';
  if (reply.body.length !== bytes) return `a body of ${reply.body.length} bytes instead of ${bytes}`;
  return undefined;
}
