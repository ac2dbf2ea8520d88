// The management door over a real store and a real listener, for tests with the unmodified AWS SDK.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiGatewayV2, type ApiGatewayV2ServiceException } from '@aws-sdk/client-apigatewayv2';
import type { Place } from '../../src/config/keys.ts';
import { createManagementDoor } from '../../src/management/door.ts';
import { IMPORT_BODIES } from '../../src/management/request-body.ts';
import { createListener } from '../../src/net/listener/listener.ts';
import { handlers } from '../../src/resources/handlers.ts';
import { notYet } from '../../src/resources/not-yet.ts';
import { requirePath } from '../../src/resources/resource-path.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';

export const ACCOUNT = '111111111111';
export const OTHER_ACCOUNT = '222222222222';
export const REGION = 'eu-west-1';
/** Whose everything is that the clients by default make. */
export const PLACE: Place = { account: ACCOUNT, region: REGION };

export interface ManagementServer {
  readonly url: string;
  readonly store: Store;
  /** A client of an account in a region, signing its requests. Closed with the server. */
  client(account?: string, region?: string): ApiGatewayV2;
  close(): Promise<void>;
}

const secretOf = (account: string): string => `secret-of-${account}`;

/** Starts a server whose time is `now`, by default the real one. */
export async function startManagementServer(now: () => number = Date.now): Promise<ManagementServer> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-management-'));
  const store = await openSqliteStore({ directory });
  const defects: unknown[] = [];
  const door = createManagementDoor({
    store,
    handlers,
    notYet,
    requirePath,
    credentials: [ACCOUNT, OTHER_ACCOUNT].map((accountId) => ({
      accessKeyId: `KEY${accountId}`,
      secretAccessKey: secretOf(accountId),
      accountId,
    })),
    account: ACCOUNT,
    endpoint: (apiId, protocolType) => `${protocolType === 'HTTP' ? 'http' : 'ws'}://${apiId}.example.test`,
    now,
    log: (_event, fields) => defects.push(fields),
  });
  const listener = createListener({
    onExchange: (exchange) => door.serve(exchange),
    limits: { largeBodies: IMPORT_BODIES },
  });
  const { port } = await listener.listen('127.0.0.1', 0);
  const url = `http://127.0.0.1:${port}`;
  const clients: ApiGatewayV2[] = [];
  return {
    url,
    store,
    client(account = ACCOUNT, region = REGION) {
      const credentials = { accessKeyId: `KEY${account}`, secretAccessKey: secretOf(account) };
      const systemClockOffset = now() - Date.now();
      const client = new ApiGatewayV2({
        endpoint: url,
        region,
        credentials,
        maxAttempts: 1,
        systemClockOffset,
      });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.destroy();
      await listener.close(1000);
      await store.close();
      await rm(directory, { recursive: true });
      assert.deepEqual(defects, []);
    },
  };
}

type ExceptionClass = new (...args: never[]) => ApiGatewayV2ServiceException;

/** Asserts that an SDK call is refused with an exception of a class, a status and a text. */
export async function refused(
  call: Promise<unknown>,
  exception: ExceptionClass,
  status: number,
  text: string,
): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof exception, `${String(error)} is a ${exception.name}`);
    assert.deepEqual([error.$metadata.httpStatusCode, error.message], [status, text]);
    return true;
  });
}
