// Functions behind Lambda's Invoke API, called with the AWS SDK's standard settings (decision 0014;
// spec/http-api.md §3.6.1, §3.6.7). The client is loaded by the first call.
import {
  type Credentials,
  type FunctionArn,
  printCredentialsArn,
  printFunctionUri,
} from '../../grammar/arn.ts';
import { nameOfKey } from '../../grammar/function-key.ts';
import { printFunctionArn } from '../../grammar/function-name.ts';
import { nearest } from '../../grammar/nearest.ts';
import type { ServiceClient } from '../aws/client/client.ts';
import { assumedCredentials } from '../aws/credentials.ts';
import type { AwsReach } from '../aws/reach.ts';
import {
  type Invocation,
  type InvocationOutcome,
  type LambdaFunction,
  MAX_INVOKE_BYTES,
} from '../lambda-function.ts';
import { failureOf } from './invoke-failures.ts';
import type { InvokeOutput } from './invoke-model.ts';
import type { LambdaSettings } from './settings.ts';

export interface InvokeApi {
  /** Never fails: what is wrong with a function or its credentials is the outcome of calls. */
  find(arn: FunctionArn, credentials: Credentials | undefined): LambdaFunction;
  /** Closes idle connections. */
  close(): void;
}

export interface InvokeApiMeans {
  readonly settings: LambdaSettings;
  /** Whether CredentialsArn is assumed; without, the SDK's own credentials are used for every role. */
  readonly assumeRoles: boolean;
  readonly reach: AwsReach;
  /** The functions of this machine, by name or ARN, for whoever asks for one that is not there. */
  readonly local: () => readonly string[];
}

/** Connections to one endpoint at most. */
const MAX_CONNECTIONS = 1_024;
/** Idle connections are closed before servers do it: a call on a connection that is being closed cannot be repeated. */
const IDLE_MILLIS = 10_000;

/** What clients differ in. */
interface ClientKey {
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly roleArn: string | undefined;
}

export function createInvokeApi(means: InvokeApiMeans): InvokeApi {
  const clients = new Map<string, Promise<ServiceClient>>();
  const { settings, assumeRoles, reach, local } = means;
  return {
    find(arn, credentials) {
      if (credentials?.kind === 'caller') return CALLER_UNKNOWN;
      const endpoint = endpointOf(arn, settings);
      if (endpoint === undefined && settings.atAws !== true && reach.refusal('lambda') !== undefined) {
        return new MissingFunction(arn, local);
      }
      const isAssumed = credentials !== undefined && assumeRoles;
      const roleArn = isAssumed ? printCredentialsArn(credentials) : undefined;
      const key: ClientKey = { region: arn.region, endpoint, roleArn };
      const name = JSON.stringify(key);
      return new RemoteFunction(arn, () => {
        let client = clients.get(name);
        if (client === undefined) {
          client = createClient(key);
          clients.set(name, client);
          // A client that could not be made is made anew by the next call.
          client.catch(() => clients.delete(name));
        }
        return client;
      });
    },
    close() {
      for (const client of clients.values()) client.then((each) => each.destroy()).catch(() => {});
      clients.clear();
    },
  };
}

/** The endpoint that settings name for a function: under its ARN, else without qualifier, else under its name. */
function endpointOf(arn: FunctionArn, { endpoint, functionEndpoints }: LambdaSettings): string | undefined {
  const { name, qualifier } = arn;
  const plain = printFunctionUri({ form: 'function', function: { ...arn, qualifier: undefined } });
  return (
    functionEndpoints.get(`${plain}:${qualifier}`) ??
    functionEndpoints.get(plain) ??
    functionEndpoints.get(`${name}:${qualifier}`) ??
    functionEndpoints.get(name) ??
    endpoint
  );
}

async function createClient({ region, endpoint, roleArn }: ClientKey): Promise<ServiceClient> {
  const [{ ServiceClient: Client }, { LAMBDA }, { Agent: HttpAgent }, { Agent: HttpsAgent }] =
    await Promise.all([
      import('../aws/client/client.ts'),
      import('./invoke-model.ts'),
      import('node:http'),
      import('node:https'),
    ]);
  const agent = { keepAlive: true, maxSockets: MAX_CONNECTIONS, timeout: IDLE_MILLIS };
  return new Client(LAMBDA, {
    region,
    // A function may have run although its answer was lost, so nothing is repeated.
    maxAttempts: 1,
    requestHandler: { httpAgent: new HttpAgent(agent), httpsAgent: new HttpsAgent(agent) },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(roleArn === undefined ? {} : { credentials: assumedCredentials(roleArn, region) }),
  });
}

/** `arn:aws:iam::*:user/*` asks for a call signed by the client; its secret key is not known here. */
const CALLER_UNKNOWN: LambdaFunction = {
  invoke: () =>
    Promise.resolve({
      kind: 'refused',
      status: 403,
      message: 'the function would have to be called as the client, whose credentials are not known',
    }),
};

/** A function that is not configured, while Lambda is not to be called. */
class MissingFunction implements LambdaFunction {
  readonly #arn: FunctionArn;
  readonly #local: () => readonly string[];

  constructor(arn: FunctionArn, local: () => readonly string[]) {
    this.#arn = arn;
    this.#local = local;
  }

  invoke(): Promise<InvocationOutcome> {
    return Promise.resolve({ kind: 'notConfigured', message: missingText(this.#arn, this.#local()) });
  }
}

const SHOWN_NAMES = 20;

/** Why a function is not called, and what would be right. */
function missingText(arn: FunctionArn, local: readonly string[]): string {
  const shown = local.slice(0, SHOWN_NAMES).join(', ') + (local.length > SHOWN_NAMES ? ', …' : '');
  const near = nearest(arn.name, local.map(nameOfKey));
  return (
    `The function ${printFunctionArn(arn)} is not configured. ` +
    (local.length === 0 ? 'There are no functions here.' : `Configured are ${shown}.`) +
    (near === undefined ? '' : ` Did you mean ${near}?`) +
    ' Add it to functions, or say where Lambda is: lambda.endpoint, or lambda: aws for AWS itself'
  );
}

class RemoteFunction implements LambdaFunction {
  readonly #name: string;
  readonly #qualifier: string | undefined;
  readonly #client: () => Promise<ServiceClient>;

  constructor(arn: FunctionArn, client: () => Promise<ServiceClient>) {
    // The whole ARN: the function may be another account's.
    this.#name = printFunctionUri({ form: 'function', function: { ...arn, qualifier: undefined } });
    this.#qualifier = arn.qualifier;
    this.#client = client;
  }

  async invoke(invocation: Invocation): Promise<InvocationOutcome> {
    const payload = Buffer.from(invocation.event, 'utf8');
    if (payload.length > MAX_INVOKE_BYTES) return { kind: 'tooLarge' };
    const abort = new AbortController();
    let late!: NodeJS.Timeout;
    // Not every step listens to a signal: reading credentials does not.
    const timeout = new Promise<InvocationOutcome>((resolve) => {
      late = setTimeout(() => {
        resolve({ kind: 'timeout' });
        abort.abort();
      }, invocation.timeoutInMillis);
    });
    const outcome = await Promise.race([timeout, this.#send(invocation, payload, abort.signal)]);
    clearTimeout(late);
    return outcome;
  }

  async #send(invocation: Invocation, payload: Buffer, abortSignal: AbortSignal): Promise<InvocationOutcome> {
    try {
      const [client, { Invoke }] = await Promise.all([this.#client(), import('./invoke-model.ts')]);
      const { type, traceId } = invocation;
      const command = new Invoke({
        FunctionName: this.#name,
        InvocationType: type,
        Payload: payload,
        ...(this.#qualifier === undefined ? {} : { Qualifier: this.#qualifier }),
        ...(traceId === undefined ? {} : { TraceId: traceId }),
      });
      return outcomeOf(await client.send(command, { abortSignal }));
    } catch (error) {
      return failureOf(error);
    }
  }
}

function outcomeOf({ Payload, FunctionError, $metadata }: InvokeOutput): InvocationOutcome {
  const payload = Payload ? Buffer.from(Payload).toString('utf8') : '';
  const awsRequestId = $metadata.requestId ?? '';
  return { kind: FunctionError === undefined ? 'returned' : 'functionError', payload, awsRequestId };
}
