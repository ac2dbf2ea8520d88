// The destinations of access logs, by ARN, open while a stage uses them (spec/http-api.md §9.1).
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Counted } from '../../counted.ts';
import { unreachable } from '../../defect.ts';
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

export class AccessLogs {
  #targets: ReadonlyMap<string, LogTarget>;
  readonly #means: AccessLogMeans;
  readonly #open = new Counted<Destination>((destination) => this.#close(destination, LAST_LINES_MILLIS));
  readonly #closing = new Set<Promise<void>>();
  /** Of destinations that are closed. */
  #droppedBefore = 0;

  constructor(destinations: readonly LogDestination[], means: AccessLogMeans) {
    this.#targets = targetsOf(destinations);
    this.#means = means;
  }

  /** Other targets for those who acquire from now on; what is acquired goes on where it went. */
  replace(destinations: readonly LogDestination[]): void {
    const before = this.#targets;
    this.#targets = targetsOf(destinations);
    this.#open.supersede((arn) => !isDeepStrictEqual(this.#targets.get(arn), before.get(arn)));
  }

  /** The destination of an ARN, for as long as it is not released. */
  acquire(arn: string): Destination {
    return this.#open.acquire(arn, () => openDestination(arn, this.#targets.get(arn), this.#means));
  }

  release(destination: { write(line: string, epochMillis: number): void }): void {
    this.#open.release(destination);
  }

  /** Lines that were lost since the start. */
  get dropped(): number {
    return this.#open.all.reduce((sum, { dropped }) => sum + dropped, this.#droppedBefore);
  }

  /** Files that were moved away are made anew. */
  reopen(): void {
    for (const destination of this.#open.all) destination.reopen?.();
  }

  /** Passes on what waits, for at most `deadlineMillis`. */
  async close(deadlineMillis: number): Promise<void> {
    for (const destination of this.#open.takeAll()) this.#close(destination, deadlineMillis);
    await Promise.all(this.#closing);
  }

  #close(destination: Destination, deadlineMillis: number): void {
    const closed = destination.close(deadlineMillis).finally(() => {
      this.#droppedBefore += destination.dropped;
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
    default:
      unreachable(leadsTo);
  }
}

function partsOf(arn: string): { region: string; account: string; resource: string } {
  const [, , , region = '', account = '', ...resource] = arn.split(':');
  return { region: region || '-', account: account || '-', resource: resource.join(':') };
}
