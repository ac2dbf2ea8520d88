// The connections that are open, as those who run the program see them: as plain data, of one account or of all.
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Connection } from './connection.ts';
import {
  byNewest,
  type ConnectionFilter,
  type ConnectionList,
  type ConnectionPosition,
  type ConnectionSummary,
} from './connection-list.ts';
import { closeNormally } from './connections-api.ts';
import type { ConnectionTarget } from './elsewhere.ts';
import type { Hub, OpenConnection } from './hub.ts';

/** What a Lambda authorizer names may have any length. */
const MAX_IDENTITY_LENGTH = 1_024;

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

  list({ account, api, stage, limit, behind }: ConnectionFilter): ConnectionList {
    const found: OpenConnection[] = [];
    for (const connection of this.#hub.all()) {
      const { info } = connection;
      const isAsked = (api ?? info.apiId) === info.apiId && (stage ?? info.stageName) === info.stageName;
      if (!isAsked || !isOf(connection, account)) continue;
      if (behind === undefined || byNewest(behind, positionOf(connection)) < 0) found.push(connection);
    }
    const newest = newestOf(found, limit)
      .sort((one, other) => byNewest(positionOf(one), positionOf(other)))
      .slice(0, limit);
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

/** The newest `limit`, and few others: none of them is older than the oldest of as many that came last, and most came in order. */
function newestOf(found: OpenConnection[], limit: number): OpenConnection[] {
  let oldest = Infinity;
  for (const { info } of found.slice(-limit)) oldest = Math.min(oldest, info.connectedAt);
  return found.filter(({ info }) => info.connectedAt >= oldest);
}

function positionOf({ info }: OpenConnection): ConnectionPosition {
  return { connectedAt: info.connectedAt, connectionId: info.id };
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
      ...(identity === undefined ? {} : { identity: shortened(identity) }),
      ...{ messagesIn, messagesOut },
    },
  ];
}

function shortened(identity: string): string {
  return identity.length <= MAX_IDENTITY_LENGTH ? identity : `${identity.slice(0, MAX_IDENTITY_LENGTH)}…`;
}
