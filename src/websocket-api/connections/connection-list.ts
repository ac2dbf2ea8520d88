// Lists of open connections as plain data: what is asked, what is told, and how the lists of several processes become one.

/** An open connection. Times are epoch milliseconds. */
export interface ConnectionSummary {
  readonly connectionId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly accountId: string;
  readonly region: string;
  readonly connectedAt: number;
  /** Of the last message in either direction. */
  readonly lastActiveAt: number;
  readonly sourceIp: string;
  readonly userAgent?: string;
  /** The principal that a Lambda authorizer named, cut where it is long, or the ARN of who signed the connect request. */
  readonly identity?: string;
  readonly messagesIn: number;
  readonly messagesOut: number;
}

export interface ConnectionList {
  /** How many there are, shown or not. */
  readonly count: number;
  /** The newest first. */
  readonly connections: readonly ConnectionSummary[];
  /** Whose connections are missing, in count and list, because no answer came in time: `node 1`, `worker 0 of node 2`. Absent: of nobody. */
  readonly unanswered?: readonly string[];
}

export interface ConnectionFilter {
  /** undefined where accounts are not kept apart. */
  readonly account: string | undefined;
  readonly api: string | undefined;
  readonly stage: string | undefined;
  readonly limit: number;
  /** Only those that come behind this one, which are counted alone then. */
  readonly behind?: ConnectionPosition | undefined;
}

/** What says where a connection stands in a list. */
export type ConnectionPosition = Pick<ConnectionSummary, 'connectedAt' | 'connectionId'>;

/** Negative where `one` comes first. */
export function byNewest(one: ConnectionPosition, other: ConnectionPosition): number {
  return (
    other.connectedAt - one.connectedAt ||
    Number(one.connectionId > other.connectionId) - Number(one.connectionId < other.connectionId)
  );
}

/** Of all of them the newest `limit`. */
export function mergedLists(lists: readonly ConnectionList[], limit: number): ConnectionList {
  const unanswered = lists.flatMap((list) => list.unanswered ?? []);
  return {
    count: lists.reduce((sum, { count }) => sum + count, 0),
    connections: lists
      .flatMap(({ connections }) => connections)
      .sort(byNewest)
      .slice(0, limit),
    ...(unanswered.length === 0 ? {} : { unanswered }),
  };
}

/** The list of who has not answered. */
export function unansweredBy(who: string): ConnectionList {
  return { count: 0, connections: [], unanswered: [who] };
}

/** What a list lacks, as a sentence. */
export function missingSentence(unanswered: readonly string[]): string {
  return `Without the connections of ${unanswered.join(', ')}: no answer came in time.`;
}
