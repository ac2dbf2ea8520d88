// Connections that other processes hold, as whoever gets a call of `@connections` reaches them (spec/websocket-api.md §6; decision
// 0012). Who the holder is, the id says; what is asked is judged where it arrives, but for API and stage, which the holder knows.

/** One connection, of an account or of any. */
export interface ConnectionTarget {
  readonly connectionId: string;
  readonly account: string | undefined;
}

/** A connection as a call of `@connections` names it: one of another stage is none (§6.5.4). */
export interface ConnectionPlace {
  /** Well-formed. */
  readonly id: string;
  readonly apiId: string;
  readonly stageName: string;
}

/** What GET tells (§6.3.2). Times are epoch milliseconds. */
export interface ConnectionInfo {
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly connectedAt: number;
  readonly lastActiveAt: number;
}

/** `gone`: the holder does not have it, or there is no such process. `unreachable`: nobody knows, for the holder does not answer. */
export interface Elsewhere {
  /** What is posted to one connection arrives in the order in which it was posted here: as text where it is UTF-8. */
  post(place: ConnectionPlace, data: Buffer): Promise<'sent' | 'full' | 'gone' | 'unreachable'>;
  info(place: ConnectionPlace): Promise<ConnectionInfo | 'gone' | 'unreachable'>;
  /** With 1000. */
  close(place: ConnectionPlace): Promise<'closed' | 'gone' | 'unreachable'>;
  /** The same for those who run the program. */
  send(target: ConnectionTarget, data: string | Buffer): Promise<'sent' | 'full' | 'gone' | 'unreachable'>;
  end(target: ConnectionTarget): Promise<'closed' | 'gone' | 'unreachable'>;
}
