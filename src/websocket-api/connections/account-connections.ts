// How many connections each account has in a region, and whether one more may come.

/** Whose a connection is. */
export interface OfAccount {
  readonly accountId: string;
  readonly region: string;
}

/** Open connections by account and region: `000000000000/us-east-1`. */
export type ConnectionCounts = { readonly [place: string]: number };

export class AccountConnections {
  readonly #most: number | undefined;
  readonly #counts = new Map<string, number>();
  /** Those of other processes, as far as they have told. */
  #elsewhere: ConnectionCounts = {};

  /** `most`: of one account in one region; undefined for as many as come. */
  constructor(most: number | undefined) {
    this.#most = most;
  }

  /** Counts one that wants to connect, until it leaves. False where there are as many as may be: it is not counted then. */
  enter(one: OfAccount): boolean {
    const key = keyOf(one);
    const count = this.#counts.get(key) ?? 0;
    if (this.#most !== undefined && count + (this.#elsewhere[key] ?? 0) >= this.#most) return false;
    this.#counts.set(key, count + 1);
    return true;
  }

  /** It has not been let in, or its connection is over. */
  leave(one: OfAccount): void {
    const key = keyOf(one);
    const count = this.#counts.get(key) ?? 0;
    if (count > 1) this.#counts.set(key, count - 1);
    else this.#counts.delete(key);
  }

  get counts(): ConnectionCounts {
    return Object.fromEntries(this.#counts);
  }

  /** Other processes have said how many they have. */
  setElsewhere(counts: ConnectionCounts): void {
    this.#elsewhere = counts;
  }
}

export function sumOfConnections(all: readonly ConnectionCounts[]): ConnectionCounts {
  const sum = new Map<string, number>();
  for (const counts of all) {
    for (const [place, count] of Object.entries(counts)) sum.set(place, (sum.get(place) ?? 0) + count);
  }
  return Object.fromEntries(sum);
}

function keyOf({ accountId, region }: OfAccount): string {
  return `${accountId}/${region}`;
}
