// Everything that clients, backends and the stand have seen of a cluster, in the order in which they saw it. What the invariants say is
// said of this alone: nobody asks the program how it is.

/** Milliseconds from the beginning of the ledger. */
type Millis = number;

/** A writer's numbers go up by one; each is a change of its own, which every reply of its route shows. */
export interface Write {
  readonly kind: 'write';
  readonly writer: string;
  readonly value: number;
  readonly node: string;
  /** `unknown`: no answer came. */
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  readonly since: Millis;
  /** Number of the change, where the answer said it. */
  readonly change?: number;
  readonly error?: string;
}

/** A resource of its own for each write, so that a lost one is missed even where a later one is there. */
export interface Creation {
  readonly kind: 'creation';
  readonly name: string;
  readonly node: string;
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  readonly since: Millis;
  readonly error?: string;
}

/** A call of a writer's route. */
export interface Reply {
  readonly kind: 'reply';
  readonly node: string;
  readonly writer: string;
  readonly since: Millis;
  /** 0: none came. */
  readonly status: number;
  /** What each part of the deployment put into it: all of one change, or the change was met half. */
  readonly values: readonly number[];
  readonly error?: string;
}

/** What the management door of a node says when all is quiet. */
export interface Stored {
  readonly kind: 'stored';
  readonly node: string;
  readonly values: Readonly<Record<string, number>>;
  readonly created: readonly string[];
}

/** What the gateway door of a node serves when all is quiet, asked on connections of their own. */
export interface Served {
  readonly kind: 'served';
  readonly node: string;
  readonly writer: string;
  readonly value: number;
}

export interface Digest {
  readonly kind: 'digest';
  readonly node: string;
  readonly digest: string;
}

/** The numbers of changes that the store has at the end. */
export interface Changes {
  readonly kind: 'changes';
  readonly lowest: number;
  readonly highest: number;
  readonly count: number;
}

/** The backend was asked about a connection and has answered. */
export interface ConnectTold {
  readonly kind: 'connect-told';
  readonly id: string;
  readonly isAccepted: boolean;
}

export interface DisconnectTold {
  readonly kind: 'disconnect-told';
  readonly id: string;
  readonly requestId: string;
}

export interface SocketOpened {
  readonly kind: 'socket-opened';
  readonly id: string;
  readonly node: string;
}

/** A message that was answered: the connection was there from `since` until now. */
export interface SocketUsed {
  readonly kind: 'socket-used';
  readonly id: string;
  readonly since: Millis;
}

export interface SocketEnded {
  readonly kind: 'socket-ended';
  readonly id: string;
  readonly code: number;
}

/** A post to `@connections`. */
export interface Post {
  readonly kind: 'post';
  readonly id: string;
  readonly node: string;
  readonly message: string;
  readonly since: Millis;
  /** 0: no answer came. */
  readonly status: number;
}

export interface Received {
  readonly kind: 'received';
  readonly id: string;
  readonly message: string;
}

/** A bucket that calls are counted against, before the first of them. */
export interface Bucket {
  readonly kind: 'bucket';
  readonly bucket: string;
  readonly rate: number;
  readonly burst: number;
  /** Among how many it is shared by whoever says that it has its share alone. */
  readonly parts: number;
  /** Share of the rate that must get through in calm, where more is offered. */
  readonly floor: number;
}

export interface Throttled {
  readonly kind: 'throttled';
  readonly bucket: string;
  readonly node: string;
  readonly since: Millis;
  readonly isAdmitted: boolean;
}

/** A process has said that it has its share of buckets alone from now on, as what it asks does not answer in time; or no more. */
export interface Apart {
  readonly kind: 'apart';
  readonly node: string;
  readonly isApart: boolean;
}

export interface Quota {
  readonly kind: 'quota';
  readonly key: string;
  readonly limit: number;
}

export interface QuotaUse {
  readonly kind: 'quota-use';
  readonly key: string;
  readonly outcome: 'admitted' | 'exceeded' | 'failed';
}

/** Something that the stand does to the cluster. */
export interface Fault {
  readonly kind: 'fault';
  readonly fault: number;
  readonly what: string;
  /** Nodes whose own processes are hit, so that their clients notice. */
  readonly on: readonly string[];
  /** Whether a process ends without having been asked. */
  readonly isDeath: boolean;
  /** How many bursts more a bucket may let through because of it. */
  readonly bursts: number;
  /** Share of its rate that a bucket may let through besides while it lasts. */
  readonly shares: number;
}

/** What was hit is there again. */
export interface FaultOver {
  readonly kind: 'fault-over';
  readonly fault: number;
}

/** What should have been gone when everything had ended, or should not have ended. */
export interface Left {
  readonly kind: 'left';
  readonly what: string;
}

export type Happening =
  | Write
  | Creation
  | Reply
  | Stored
  | Served
  | Digest
  | Changes
  | ConnectTold
  | DisconnectTold
  | SocketOpened
  | SocketUsed
  | SocketEnded
  | Post
  | Received
  | Bucket
  | Throttled
  | Apart
  | Quota
  | QuotaUse
  | Fault
  | FaultOver
  | Left;

export type Kind = Happening['kind'];
export type Entry<K extends Kind = Kind> = Extract<Happening, { readonly kind: K }> & { readonly at: Millis };

export class Ledger {
  readonly entries: Entry[] = [];
  readonly #beganAt = performance.now();
  #faults = 0;

  now(): Millis {
    return performance.now() - this.#beganAt;
  }

  add(happening: Happening): void {
    this.entries.push({ ...happening, at: this.now() });
  }

  /** Something is done to the cluster; it is over when what comes back is called. */
  fault(what: string, { on = [], isDeath = false, bursts = 0, shares = 0 }: Partial<Fault> = {}): () => void {
    const fault = ++this.#faults;
    this.add({ kind: 'fault', fault, what, on, isDeath, bursts, shares });
    return () => this.add({ kind: 'fault-over', fault });
  }
}

export function entriesOf<K extends Kind>(entries: readonly Entry[], kind: K): readonly Entry<K>[] {
  return entries.filter((entry): entry is Entry<K> => entry.kind === kind);
}

/** Ids of connections whose ends were told, with when first. */
export function endsTold(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const told = new Map<string, number>();
  for (const { id, at } of entriesOf(entries, 'disconnect-told')) if (!told.has(id)) told.set(id, at);
  return told;
}

export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** `12.345 s write writer=w1 value=7 …` */
export function printEntry({ at, kind, ...rest }: Entry): string {
  const members = Object.entries(rest).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${(at / 1000).toFixed(3).padStart(9)} s ${kind} ${members.join(' ')}`;
}
