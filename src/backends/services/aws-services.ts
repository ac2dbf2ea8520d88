// Calls of AWS services: one client a service, region and role, one attempt a call (spec/http-api.md §3.7;
// decision 0015).
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { FailureCause } from '../../net/upstream/upstream.ts';
import type { ServiceClient } from '../aws/client/client.ts';
import { assumedCredentials, RoleError } from '../aws/credentials.ts';
import type { AwsReach } from '../aws/reach.ts';
import { errorCodeOf, OversizeError, type ServiceAnswer } from './answer.ts';
import type { ServiceOperation } from './operations.ts';
import { loadSdk, type Sdk } from './sdk.ts';

export interface ServiceCall {
  readonly operation: ServiceOperation;
  /** Of the SDK's command. */
  readonly input: object;
  readonly region: string;
  /** The role to assume, where roles are assumed. */
  readonly roleArn: string;
  /** From here to the last byte of the answer. */
  readonly timeoutInMillis: number;
  /** Ends the call when its client is gone. */
  readonly signal: AbortSignal;
}

export type ServiceOutcome =
  /** Nobody asked for the service to be called. */
  | { readonly kind: 'unasked'; readonly message: string }
  | { readonly kind: 'answered'; readonly answer: ServiceAnswer }
  /** The service answered with an error. */
  | { readonly kind: 'refused'; readonly answer: ServiceAnswer }
  /** The role cannot be assumed, or may not do this. `answer`: the service's refusal. */
  | { readonly kind: 'denied'; readonly answer?: ServiceAnswer; readonly error?: unknown }
  | { readonly kind: 'failed'; readonly cause: FailureCause; readonly error: unknown };

export interface AwsServices {
  /** Begins to load what calls need. */
  prepare(): void;
  /** Rejects with defects only. */
  call(call: ServiceCall): Promise<ServiceOutcome>;
  close(): void;
}

export interface AwsServicesOptions {
  /** Whether CredentialsArn is assumed; without, the SDK's own credentials are used for every role. */
  readonly assumeRoles: boolean;
  readonly reach: AwsReach;
}

/** Regions may come from requests, so there is a limit to the clients kept. */
const MAX_CLIENTS = 100;

/** What services and IAM answer when the caller is not allowed, or not known, to them. */
const DENIALS: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'OptInRequired',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

export function createAwsServices({ assumeRoles, reach }: AwsServicesOptions): AwsServices {
  let handler: NodeHttpHandler | undefined;
  // In the order of their last use.
  const clients = new Map<string, ServiceClient>();

  const clientOf = (sdk: Sdk, { operation, region, roleArn }: ServiceCall): ServiceClient => {
    const key = `${operation.service} ${region} ${roleArn}`;
    const known = clients.get(key);
    if (known !== undefined) clients.delete(key);
    handler ??= sdk.createHandler();
    const credentials = assumeRoles ? { credentials: assumedCredentials(roleArn, region) } : {};
    const settings = { region, ...credentials, requestHandler: handler, maxAttempts: 1 };
    const client = known ?? sdk.createClient(operation.service, settings);
    clients.set(key, client);
    // They share the handler, so there is nothing to close.
    if (clients.size > MAX_CLIENTS) clients.delete(clients.keys().next().value!);
    return client;
  };

  const send = async (call: ServiceCall, abortSignal: AbortSignal): Promise<ServiceOutcome> => {
    const sdk = await loadSdk();
    const client = clientOf(sdk, call);
    const command = new sdk.commands[call.operation.subtype]!(call.input);
    try {
      const { answer } = await client.send(command, { abortSignal });
      if (answer.status < 300) return { kind: 'answered', answer };
      const isDenied = answer.status >= 400 && answer.status < 500 && DENIALS.has(errorCodeOf(answer) ?? '');
      return { kind: isDenied ? 'denied' : 'refused', answer };
    } catch (error) {
      if (error instanceof RoleError || nameOf(error) === 'CredentialsProviderError') {
        return { kind: 'denied', error };
      }
      const cause = causeOf(error);
      if (cause === undefined) throw error;
      return { kind: 'failed', cause, error };
    }
  };

  return {
    prepare() {
      // What goes wrong comes up again with the first call.
      loadSdk().catch(() => {});
    },
    async call(call) {
      const message = reach.refusal(call.operation.service);
      if (message !== undefined) return { kind: 'unasked', message };
      const controller = new AbortController();
      // Not every step listens to a signal: reading credentials does not.
      let giveUp!: (cause: 'timeout' | 'aborted') => void;
      const given = new Promise<ServiceOutcome>((resolve) => {
        giveUp = (cause) => {
          resolve({ kind: 'failed', cause, error: undefined });
          controller.abort();
        };
      });
      const timer = setTimeout(() => giveUp('timeout'), call.timeoutInMillis);
      const onAbort = () => giveUp('aborted');
      call.signal.addEventListener('abort', onAbort, { once: true });
      try {
        const sent = send(call, controller.signal);
        sent.catch(() => {});
        return await Promise.race([given, sent]);
      } finally {
        clearTimeout(timer);
        call.signal.removeEventListener('abort', onAbort);
      }
    },
    close() {
      handler?.destroy();
      clients.clear();
    },
  };
}

/** Why there was no answer; undefined for an error that is none of the connection. */
function causeOf(error: unknown): FailureCause | undefined {
  if (error instanceof OversizeError) return 'oversize';
  if (nameOf(error) === 'AbortError') return 'aborted';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const syscall = error instanceof Error && 'syscall' in error ? error.syscall : undefined;
  if (syscall === 'getaddrinfo') return 'dns';
  if (syscall === 'connect' || code === 'ETIMEDOUT') return 'connect';
  if (code.startsWith('HPE_')) return 'malformed';
  if (/^(ECONN|EPIPE|ERR_STREAM_PREMATURE_CLOSE)/.test(code)) return 'reset';
  if (/CERT|TLS|SSL|SIGNED|ISSUER|EPROTO/.test(code)) return 'tls';
  return undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
