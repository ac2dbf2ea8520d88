// The registry: every connection that an API has heard of, on a disk, so that its end is told even if the process that holds the
// socket dies (decision 0012). A row is there before `$connect` is called, and leaves after `$disconnect` was.
import type { IamAuthorization, LambdaAuthorization } from '../../stage/authorization.ts';
import type { Connection } from './connection.ts';

export interface ConnectionRow {
  readonly id: string;
  /** What an end's event needs, as JSON: `rowOf` writes it, `connectionOf` reads it. */
  readonly info: string;
}

export interface Registry {
  /** Resolves when the row outlives this process. False: there is none, and the client is to be refused. Never rejects. */
  enter(row: ConnectionRow): Promise<boolean>;
  /** After the end was told, or the connect was refused. */
  leave(connectionId: string): void;
  /** Whether ends may be told at this moment: others may not have taken over what this process holds. Where not, clients are refused. */
  mayTell(): boolean;
}

/** All of a connection but its id, which the row has, and the span of its connect request, which has not ended when the row is
 *  written. */
type Stored = Omit<Connection, 'id' | 'connectSpan' | 'authorization'> & {
  readonly authorization: StoredLambdaAuthorization | IamAuthorization | undefined;
};

/** A map is no JSON, and names are any: a list of entries. */
interface StoredLambdaAuthorization extends Omit<LambdaAuthorization, 'context'> {
  readonly context: readonly (readonly [name: string, value: unknown])[] | undefined;
}

export function rowOf(connection: Connection): ConnectionRow {
  const { id, apiId, accountId, region, stageName, connectedAt, domain, sourceIp, userAgent } = connection;
  const { authorization, apiKey } = connection;
  const stored: Stored = {
    ...{ apiId, accountId, region, stageName, connectedAt, domain, sourceIp, userAgent, apiKey },
    authorization:
      authorization?.kind === 'lambda'
        ? { ...authorization, context: authorization.context && [...authorization.context] }
        : authorization,
  };
  return { id, info: JSON.stringify(stored) };
}

/** Throws SyntaxError for what is no JSON. */
export function connectionOf({ id, info }: ConnectionRow): Connection {
  const { authorization, ...stored } = JSON.parse(info) as Stored;
  return {
    ...stored,
    id,
    authorization:
      authorization?.kind === 'lambda'
        ? {
            kind: 'lambda',
            principalId: authorization.principalId,
            context: authorization.context && new Map(authorization.context),
          }
        : authorization,
  };
}
