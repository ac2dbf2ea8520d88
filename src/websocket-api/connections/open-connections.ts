// The connections that are open, as those who run the program see them: as plain data, of one account or of all.
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Connection } from './connection.ts';
import { closeNormally } from './connections-api.ts';
import type { ConnectionTarget } from './elsewhere.ts';
import type { Hub, OpenConnection } from './hub.ts';

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
  /** The principal that a Lambda authorizer named, or the ARN of who signed the connect request. */
  readonly identity?: string;
  readonly messagesIn: number;
  readonly messagesOut: number;
}

export interface ConnectionList {
  /** How many there are, shown or not. */
  readonly count: number;
  /** The newest first. */
  readonly connections: readonly ConnectionSummary[];
}

export interface ConnectionFilter {
  /** undefined where accounts are not kept apart. */
  readonly account: string | undefined;
  readonly api: string | undefined;
  readonly stage: string | undefined;
  readonly limit: number;
}

/** A message that was sent to a client from here. */
export interface SentPost {
  readonly stage: StageIdentity;
  readonly connection: Connection;
  readonly data: string | Buffer;
}

export class OpenConnections {
  readonly #hub: Hub;
  readonly #onPosted: (post: SentPost) => void;

  /** `onPosted` hears of messages that were sent. */
  constructor(hub: Hub, onPosted: (post: SentPost) => void) {
    this.#hub = hub;
    this.#onPosted = onPosted;
  }

  list({ account, api, stage, limit }: ConnectionFilter): ConnectionList {
    const found: OpenConnection[] = [];
    for (const connection of this.#hub.all()) {
      const { info } = connection;
      const isAsked = (api ?? info.apiId) === info.apiId && (stage ?? info.stageName) === info.stageName;
      if (isAsked && isOf(connection, account)) found.push(connection);
    }
    const newest = found.slice(Math.max(0, found.length - limit)).reverse();
    return { count: found.length, connections: newest.flatMap(summaryOf) };
  }

  /** Sends a message to the client, as @connections does: it counts as one of those. */
  post(target: ConnectionTarget, data: string | Buffer): 'sent' | 'full' | 'gone' {
    const connection = this.#find(target);
    if (connection === undefined) return 'gone';
    const { stage, info } = connection;
    const outcome = connection.post(data);
    if (outcome !== 'sent' || stage === undefined) return outcome;
    stage.watch.onPosted();
    this.#onPosted({ stage, connection: info, data });
    return outcome;
  }

  /** Closes it as @connections does. False when it is gone. */
  close(target: ConnectionTarget): boolean {
    const connection = this.#find(target);
    if (connection === undefined) return false;
    closeNormally(connection);
    return true;
  }

  #find({ connectionId, account }: ConnectionTarget): OpenConnection | undefined {
    const connection = this.#hub.find(connectionId);
    return connection !== undefined && isOf(connection, account) ? connection : undefined;
  }
}

/** Connections end with their stage. */
function isOf({ stage }: OpenConnection, account: string | undefined): boolean {
  return stage !== undefined && (account ?? stage.accountId) === stage.accountId;
}

function summaryOf({
  info,
  stage,
  lastActiveAt,
  messagesIn,
  messagesOut,
}: OpenConnection): ConnectionSummary[] {
  if (stage === undefined) return [];
  const { id, apiId, stageName, connectedAt, sourceIp, userAgent, authorization } = info;
  const identity = authorization?.kind === 'iam' ? authorization.userArn : authorization?.principalId;
  return [
    {
      ...{ connectionId: id, apiId, stage: stageName, accountId: stage.accountId, region: stage.region },
      ...{ connectedAt, lastActiveAt, sourceIp },
      ...(userAgent === undefined ? {} : { userAgent }),
      ...(identity === undefined ? {} : { identity }),
      ...{ messagesIn, messagesOut },
    },
  ];
}
