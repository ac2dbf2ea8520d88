// All private targets of the installation: which ARN leads where, looked up and checked while a stage uses it
// (spec/http-api.md §3.5).
import { isDeepStrictEqual } from 'node:util';
import { Counted } from '../../counted.ts';
import { unreachable } from '../../defect.ts';
import { type PrivateTarget, printPrivateTarget } from '../../grammar/arn.ts';
import type { Log } from '../../telemetry/log.ts';
import { createDiscovery, queryAttributes } from './cloud-map.ts';
import { HealthChecker } from './health-check.ts';
import { createNames, findByAddress, findByService } from './lookup.ts';
import type { PrivateTargetSettings, TargetSource } from './settings.ts';
import { type TargetAddress, TargetGroup } from './target-group.ts';

export interface PrivateTargetMeans {
  /** Whether AWS Cloud Map may be asked about services that no setting names. */
  readonly mayDiscover?: () => boolean;
  readonly log: Log;
}

export interface PrivateTargets {
  /** The targets of an ARN, kept up to date until they are released as often as acquired. undefined when nothing says
   *  where a listener leads. */
  acquire(target: PrivateTarget): TargetGroup | undefined;
  /** The targets of a VPC link of WebSocket APIs; undefined when nothing is said of it, and requests go to the host of
   *  their URI. */
  acquireLink(vpcLinkId: string): TargetGroup | undefined;
  release(group: TargetGroup): void;
  /** Other targets for those who acquire from now on; what is acquired stays as it was. */
  replace(settings: readonly PrivateTargetSettings[]): void;
  close(): void;
}

type Find = () => Promise<readonly TargetAddress[]>;

const CLOUD_MAP: TargetSource = { kind: 'cloudMap', refreshMillis: 10_000 };

export function createPrivateTargets(
  settings: readonly PrivateTargetSettings[],
  means: PrivateTargetMeans,
): PrivateTargets {
  return new Directory(settings, means);
}

class Directory implements PrivateTargets {
  #settings: ReadonlyMap<string, PrivateTargetSettings>;
  readonly #means: PrivateTargetMeans;
  readonly #groups = new Counted<TargetGroup>((group) => group.stop());

  constructor(settings: readonly PrivateTargetSettings[], means: PrivateTargetMeans) {
    this.#settings = byArn(settings);
    this.#means = means;
  }

  replace(settings: readonly PrivateTargetSettings[]): void {
    const before = this.#settings;
    this.#settings = byArn(settings);
    this.#groups.supersede(
      (arn) => !isDeepStrictEqual(settingsOf(before, arn), settingsOf(this.#settings, arn)),
    );
  }

  acquire(target: PrivateTarget): TargetGroup | undefined {
    return this.#acquire(printPrivateTarget(target), target);
  }

  acquireLink(vpcLinkId: string): TargetGroup | undefined {
    return this.#acquire(`vpclink/${vpcLinkId}`, undefined);
  }

  release(group: TargetGroup): void {
    this.#groups.release(group);
  }

  close(): void {
    for (const group of this.#groups.takeAll()) group.stop();
  }

  #acquire(arn: string, target: PrivateTarget | undefined): TargetGroup | undefined {
    return this.#groups.acquire(arn, () => this.#follow(arn, target));
  }

  #follow(arn: string, target: PrivateTarget | undefined): TargetGroup | undefined {
    const settings = settingsOf(this.#settings, arn);
    if (settings === undefined) {
      const mayAsk = target?.kind === 'cloudMapService' && this.#means.mayDiscover?.() === true;
      if (!mayAsk) return undefined;
    }
    const source = settings?.source ?? CLOUD_MAP;
    const group = new TargetGroup();
    const stopLooking = this.#look(arn, group, source, target);
    const checker =
      settings?.healthCheck === undefined
        ? undefined
        : new HealthChecker(group, settings.healthCheck, {
            onChange: ({ host, port }, why) =>
              why === undefined
                ? this.#means.log('private-target.healthy', { arn, host, port })
                : this.#means.log('private-target.unhealthy', { arn, host, port, why }),
          });
    group.stop = () => {
      stopLooking();
      checker?.stop();
      group.keep();
    };
    return group;
  }

  /** Keeps a group up to date. Returns how to stop. */
  #look(
    arn: string,
    group: TargetGroup,
    source: TargetSource,
    target: PrivateTarget | undefined,
  ): () => void {
    if (source.kind === 'static') {
      group.replace(selected(source.targets, target));
      return () => {};
    }
    const refreshMillis = source.kind === 'cloudMap' ? source.refreshMillis : source.lookup.refreshMillis;
    const find = finder(source, target);
    let isStopped = false;
    let failed = '';
    let timer: NodeJS.Timeout | undefined;
    const again = async (): Promise<void> => {
      try {
        const found = await find();
        if (!isStopped) group.replace(found);
        failed = '';
      } catch (error) {
        group.keep();
        const why = whyOf(error);
        if (why !== failed) this.#means.log('private-target.not-found', { arn, why });
        failed = why;
      }
      if (isStopped) return;
      timer = setTimeout(again, refreshMillis);
      timer.unref();
    };
    void again();
    return () => {
      isStopped = true;
      clearTimeout(timer);
    };
  }
}

function byArn(settings: readonly PrivateTargetSettings[]): ReadonlyMap<string, PrivateTargetSettings> {
  return new Map(settings.map((each) => [each.arn, each]));
}

/** Of an ARN, which may have a query that the settings do not name. */
function settingsOf(
  settings: ReadonlyMap<string, PrivateTargetSettings>,
  arn: string,
): PrivateTargetSettings | undefined {
  return settings.get(arn) ?? settings.get(arn.replace(/\?.*$/s, ''));
}

/** What the SDK throws says more by its name than by its message. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}

/** The static targets that have every attribute that the ARN's query asks for. */
function selected(
  targets: (TargetSource & { kind: 'static' })['targets'],
  target: PrivateTarget | undefined,
): TargetAddress[] {
  const wanted = target?.kind === 'cloudMapService' ? Object.entries(queryAttributes(target.query)) : [];
  return targets
    .filter(({ attributes }) => wanted.every(([name, value]) => attributes.get(name) === value))
    .map(({ host, port, weight }) => ({ host, port, weight }));
}

function finder(source: Exclude<TargetSource, { kind: 'static' }>, target: PrivateTarget | undefined): Find {
  switch (source.kind) {
    case 'addresses': {
      const names = createNames(source.lookup.server);
      return () => findByAddress(names, source.name, source.port);
    }
    case 'services': {
      const names = createNames(source.lookup.server);
      return () => findByService(names, source.name);
    }
    case 'cloudMap': {
      if (target?.kind !== 'cloudMapService') throw new TypeError('cloudMap is for Cloud Map services');
      let discovery: Promise<Find> | undefined;
      return async () => {
        discovery ??= createDiscovery(target);
        return (await discovery)();
      };
    }
    default:
      unreachable(source);
  }
}
