// Unmodified AWS clients of the nodes' management doors.
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { REGION } from '../../support/postern.ts';
import { sign } from '../../support/signing.ts';
import type { ClusterNode } from '../stand/node.ts';
import { type Answered, type Asked, ask } from './http.ts';

/** Of everybody who may do anything here, by the nodes' configuration files. */
export const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret-of-the-stand' };

/** A writer waits for longer than the door does. */
const TIMEOUT_MILLIS = 15_000;
/** Header of a write's answer that says which change it was. */
const CHANGE = 'x-postern-change';

export function managementClient({ management }: Pick<ClusterNode, 'management'>): ApiGatewayV2Client {
  const client = new ApiGatewayV2Client({
    ...{ endpoint: management, region: REGION, credentials: { ...CREDENTIALS }, maxAttempts: 1 },
    requestHandler: new NodeHttpHandler({ requestTimeout: TIMEOUT_MILLIS, connectionTimeout: 3_000 }),
  });
  client.middlewareStack.add(
    (next) => async (given) => {
      const result = await next(given);
      const { headers } = result.response as { readonly headers: Readonly<Record<string, string>> };
      if (headers[CHANGE] !== undefined)
        Object.assign(result.output as object, { change: Number(headers[CHANGE]) });
      return result;
    },
    { step: 'deserialize', priority: 'high' },
  );
  return client;
}

/** One request that is signed for a service. */
export async function askSigned(asked: Asked, service: string): Promise<Answered> {
  const { method = 'GET', host, path, body = '' } = asked;
  const { lines } = await sign({ method, host, path, body }, { ...CREDENTIALS, service });
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
  return ask({ ...asked, headers: Object.fromEntries(headers) });
}
