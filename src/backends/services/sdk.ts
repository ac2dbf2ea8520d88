// Clients of the five services: loaded when first needed, and made to give the service's answer as it came instead of parsing it
// (decisions 0015, 0020).
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ClientSettings, ServiceClient } from '../aws/client/client.ts';
import { leaveOutHostPrefix } from '../aws/host-prefix.ts';
import { readAnswer } from './answer.ts';
import type { CommandClass } from './models.ts';
import type { ServiceName } from './operations.ts';

export interface Sdk {
  /** Its commands resolve to `{ answer }`, whatever status it has, in place of parsed output or an error. */
  readonly createClient: (service: ServiceName, settings: ClientSettings) => ServiceClient;
  /** By IntegrationSubtype. */
  readonly commands: Readonly<Record<string, CommandClass>>;
  /** Makes the handler of all clients: the SDK's HTTP/1.1 client, with its connections. */
  readonly createHandler: () => NodeHttpHandler;
}

let loaded: Promise<Sdk> | undefined;

/** Rejects when it cannot be loaded. */
export function loadSdk(): Promise<Sdk> {
  loaded ??= load();
  return loaded;
}

const MAX_SOCKETS = 1_024;

async function load(): Promise<Sdk> {
  const [{ ServiceClient: Client }, { COMMANDS, SERVICES }, { NodeHttpHandler: Handler }] = await Promise.all(
    [import('../aws/client/client.ts'), import('./models.ts'), import('@smithy/node-http-handler')],
  );
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return {
    createClient(service, settings) {
      const client = new Client(SERVICES[service], settings);
      if (service === 'sfn') leaveOutHostPrefix('sync-', client);
      client.middlewareStack.add(
        (next) => async (args) => {
          const { response } = await next(args);
          return { response, output: { $metadata: {}, answer: await readAnswer(response) } };
        },
        // Takes the place of the SDK's own.
        { name: 'deserializerMiddleware', step: 'deserialize', override: true },
      );
      return client;
    },
    commands: COMMANDS,
    createHandler: () => new Handler({ httpAgent: agent, httpsAgent: agent }),
  };
}
