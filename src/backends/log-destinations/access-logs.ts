// The destinations of access logs, by ARN, open while a stage uses them (spec/http-api.md §9.1).
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../../telemetry/log.ts';
import { BatchDestination } from './batch-destination.ts';
import { CloudWatchService } from './cloudwatch-service.ts';
import type { Destination } from './destination.ts';
import { FileDestination } from './file-destination.ts';
import { FirehoseService } from './firehose-service.ts';
import type { LogDestination, LogTarget } from './settings.ts';
import { type LineOutput, StdoutDestination } from './stdout-destination.ts';

export interface AccessLogMeans {
  /** Where log groups that no setting names have their files. */
  readonly directory: string;
  readonly stdout: LineOutput;
  readonly log: Log;
}

/** How long a destination that no stage uses any more may take to pass on what waits. */
const LAST_LINES_MILLIS = 10_000;

interface Held {
  readonly arn: string;
  readonly destination: Destination;
  users: number;
}

export class AccessLogs {
  #targets: ReadonlyMap<string, LogTarget>;
  readonly #means: AccessLogMeans;
  readonly #open = new Map<string, Held>();
  /** Those whose ARN leads elsewhere by now, until they are released. */
  readonly #replaced = new Set<Held>();
  readonly #closing = new Set<Promise<void>>();
  /** Of destinations that are closed. */
  #droppedBefore = 0;

  constructor(destinations: readonly LogDestination[], means: AccessLogMeans) {
    this.#targets = targetsOf(destinations);
    this.#means = means;
  }

  /** Other targets for those who acquire from now on; what is acquired goes on where it went. */
  replace(destinations: readonly LogDestination[]): void {
    const targets = targetsOf(destinations);
    for (const [arn, held] of this.#open) {
      if (isDeepStrictEqual(targets.get(arn), this.#targets.get(arn))) continue;
      this.#open.delete(arn);
      this.#replaced.add(held);
    }
    this.#targets = targets;
  }

  /** The destination of an ARN, for as long as it is not released. */
  acquire(arn: string): Destination {
    let held = this.#open.get(arn);
    if (held === undefined) {
      held = { arn, destination: openDestination(arn, this.#targets.get(arn), this.#means), users: 0 };
      this.#open.set(arn, held);
    }
    held.users++;
    return held.destination;
  }

  release(destination: { write(line: string, epochMillis: number): void }): void {
    for (const held of this.#held) {
      if (held.destination !== destination) continue;
      held.users--;
      if (held.users === 0) this.#close(held, LAST_LINES_MILLIS);
    }
  }

  get #held(): readonly Held[] {
    return [...this.#open.values(), ...this.#replaced];
  }

  /** Lines that were lost since the start. */
  get dropped(): number {
    return this.#held.reduce((sum, { destination }) => sum + destination.dropped, this.#droppedBefore);
  }

  /** Files that were moved away are made anew. */
  reopen(): void {
    for (const { destination } of this.#held) destination.reopen?.();
  }

  /** Passes on what waits, for at most `deadlineMillis`. */
  async close(deadlineMillis: number): Promise<void> {
    for (const held of this.#held) this.#close(held, deadlineMillis);
    await Promise.all(this.#closing);
  }

  #close(held: Held, deadlineMillis: number): void {
    if (!this.#replaced.delete(held)) this.#open.delete(held.arn);
    const closed = held.destination.close(deadlineMillis).finally(() => {
      this.#droppedBefore += held.destination.dropped;
      this.#closing.delete(closed);
    });
    this.#closing.add(closed);
  }
}

function targetsOf(destinations: readonly LogDestination[]): ReadonlyMap<string, LogTarget> {
  return new Map(destinations.map(({ arn, target }) => [arn, target]));
}

/** What an ARN leads to when no setting says so: a file named after the log group. */
export function defaultTarget(arn: string, directory: string): LogTarget {
  const { region, account, resource } = partsOf(arn);
  // Encoded, a group's name is one file name and stays inside the directory.
  const file = `${encodeURIComponent(resource.replace(/^(?:log-group:|deliverystream\/)/, ''))}.log`;
  return {
    kind: 'file',
    path: join(directory, encodeURIComponent(account), encodeURIComponent(region), file),
  };
}

function openDestination(arn: string, target: LogTarget | undefined, means: AccessLogMeans): Destination {
  const { directory, log, stdout } = means;
  const leadsTo = target ?? defaultTarget(arn, directory);
  const { region, resource } = partsOf(arn);
  switch (leadsTo.kind) {
    case 'stdout':
      return new StdoutDestination(stdout, log);
    case 'file':
      return new FileDestination(leadsTo.path, log);
    case 'cloudwatch': {
      const group = resource.replace(/^log-group:/, '');
      return new BatchDestination(new CloudWatchService(region, group, leadsTo.endpoint), log);
    }
    case 'firehose':
      return new BatchDestination(new FirehoseService(region, leadsTo.stream, leadsTo.endpoint), log);
  }
}

function partsOf(arn: string): { region: string; account: string; resource: string } {
  const [, , , region = '', account = '', ...resource] = arn.split(':');
  return { region: region || '-', account: account || '-', resource: resource.join(':') };
}
