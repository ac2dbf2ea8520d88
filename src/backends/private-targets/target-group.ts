// The targets of one listener or Cloud Map service, and which of them is next: smooth weighted round robin over the
// healthy ones (spec/http-api.md §3.5).
import { Counted } from '../../counted.ts';
import type { PrivateUpstream } from './private-upstream.ts';

/** Where a connection goes. */
export interface TargetAddress {
  readonly host: string;
  readonly port: number;
  readonly weight: number;
}

export class Target implements TargetAddress {
  readonly host: string;
  readonly port: number;
  weight: number;
  isHealthy = true;
  /** Its turn: grows by the weight on each choice, falls by the sum when chosen. */
  turn = 0;

  constructor({ host, port, weight }: TargetAddress) {
    this.host = host;
    this.port = port;
    this.weight = weight;
  }
}

export class TargetGroup {
  targets: readonly Target[] = [];
  /** Counts the changes of `targets`. */
  generation = 0;
  /** Ends what keeps it up to date. */
  stop: () => void = () => {};
  /** Those who send to it, by the server name of its TLS; the empty one without. */
  readonly upstreams = new Counted<PrivateUpstream>((upstream) => upstream.close());
  #isResolved = false;
  #waiting: (() => void)[] = [];

  /** Whether the targets have been looked up once, with or without success. */
  get isResolved(): boolean {
    return this.#isResolved;
  }

  /** Calls back once the targets have been looked up. */
  onceResolved(callback: () => void): void {
    if (this.#isResolved) callback();
    else this.#waiting.push(callback);
  }

  /** The lookup failed; what was known stays. */
  keep(): void {
    this.#isResolved = true;
    for (const callback of this.#waiting.splice(0)) callback();
  }

  /** These are the targets now. Those that stay keep their health and turn. */
  replace(addresses: readonly TargetAddress[]): void {
    const known = new Map(this.targets.map((target) => [keyOf(target), target]));
    const next = new Map<string, Target>();
    for (const address of addresses) {
      const key = keyOf(address);
      const target = known.get(key) ?? new Target(address);
      target.weight = address.weight;
      next.set(key, target);
    }
    const targets = [...next.values()];
    const isSame =
      targets.length === this.targets.length && targets.every((target, i) => target === this.targets[i]);
    if (!isSame) {
      this.targets = targets;
      this.generation++;
    }
    this.keep();
  }

  /** The healthy target whose turn it is; undefined when there is none. */
  next(): Target | undefined {
    const { targets } = this;
    let best: Target | undefined;
    let sum = 0;
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      if (!target.isHealthy || target.weight <= 0) continue;
      sum += target.weight;
      target.turn += target.weight;
      if (best === undefined || target.turn > best.turn) best = target;
    }
    if (best !== undefined) best.turn -= sum;
    return best;
  }
}

function keyOf({ host, port }: TargetAddress): string {
  return `${host}|${port}`;
}
