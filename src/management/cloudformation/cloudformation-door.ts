// CloudFormation's API for stacks of this installation, as `aws cloudformation` speaks it: fourteen operations of AWS Query over
// the same engine as `postern deploy` (spec/definitions.md §13.2, part A, Choice D49). What they run is loaded with the first call.
import { randomUUID } from 'node:crypto';
import { type Bytes, latin1Of } from '../../net/bytes.ts';
import { httpDate } from '../../net/date.ts';
import type { Exchange } from '../../net/exchange.ts';
import type { Context } from '../../resources/context.ts';
import { validationError } from '../../resources/stacks/stack-errors.ts';
import type { StackMeans } from '../../resources/stacks/stack-means.ts';
import type { Store } from '../../store/store.ts';
import { StoreError } from '../../store/store-error.ts';
import type { Log } from '../../telemetry/log.ts';
import { internalError, ServiceError } from '../../wire/errors.ts';
import { type Caller, createAuthenticator, type Signer } from '../caller.ts';
import { allowedCalls, requireStackPermission } from '../permissions.ts';
import type { AfterWrite } from '../postern/postern-routes.ts';
import type { AroundStacks } from '../postern/stacks-route.ts';
import { behindLine, changeLine, retryLine } from '../reply.ts';
import { jsonTextOf, MAX_BODY_BYTES, readBody } from '../request-body.ts';
import { storeFailure } from '../store-failures.ts';
import { asQueryError, invalidAction } from './errors.ts';
import { Form } from './form.ts';
import type { Operations } from './operations.ts';
import { stackNameIn } from './stack-names.ts';
import { printAnswer, printFailure } from './xml.ts';

export const CLOUDFORMATION = 'cloudformation';

export interface CloudFormationMeans {
  readonly store: Store;
  /** As the management door's. */
  readonly credentials: readonly Signer[];
  readonly account: string;
  readonly region?: string;
  readonly contextOf: (caller: Caller) => Omit<Context, 'tx'>;
  readonly aroundStacks: () => AroundStacks;
  readonly afterWrite?: AfterWrite | undefined;
  readonly behindSeconds?: (() => number | undefined) | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

export interface CloudFormationDoor {
  /** Answers every exchange. */
  serve(exchange: Exchange): void;
  /** Who may call from now on. */
  setCredentials(credentials: readonly Signer[]): void;
}

/** A request of the protocol to no service in particular: what signs for another is that one's. */
export function isQuery({ method, target, headers }: Exchange): boolean {
  return (
    method === 'POST' &&
    /^\/(?:\?|$)/.test(target) &&
    headers.first('content-type')?.startsWith('application/x-www-form-urlencoded') === true
  );
}

export function createCloudFormationDoor(means: CloudFormationMeans): CloudFormationDoor {
  const { now, log } = means;
  const authenticatorOf = (credentials: readonly Signer[]) =>
    // What a call may do, its operation asks.
    createAuthenticator({ ...means, credentials, service: CLOUDFORMATION, permit: () => undefined });
  let authenticate = authenticatorOf(means.credentials);
  let operations: Promise<Operations> | undefined;

  async function answer(exchange: Exchange, body: Bytes, requestId: string): Promise<void> {
    const caller = await authenticate(exchange, body, now());
    const form = Form.of(jsonTextOf(body));
    const action = form.required('Action');
    operations ??= import('./operations.ts').then((loaded) => loaded.operations);
    const known = await operations;
    const operation = known.get(action);
    if (operation === undefined) throw invalidAction(action, [...known.keys()]);
    const stack = form.text('StackName');
    requireStackPermission(caller, exchange, action, stack && stackNameIn(stack, caller));
    const { store, aroundStacks, contextOf, afterWrite } = means;
    const own: StackMeans = {
      ...contextOf(caller),
      store,
      ...aroundStacks(),
      allow: allowedCalls(caller, exchange),
    };
    const result = await operation.run(form, own);
    const change = operation.writes ? await afterWrite?.() : undefined;
    const lines = changeLine(change) + behindLine(means.behindSeconds?.());
    send(exchange, 200, printAnswer(action, result, requestId), requestId, lines);
  }

  function send(exchange: Exchange, status: number, body: string, requestId: string, more: string): void {
    const lines = `Content-Type: text/xml\r\nx-amzn-RequestId: ${requestId}\r\nDate: ${httpDate(now())}\r\n`;
    exchange.send(status, lines + more, latin1Of(body));
  }

  function refuse(exchange: Exchange, error: unknown, requestId: string): void {
    const told = error instanceof StoreError ? storeFailure(error) : error;
    const known = told instanceof ServiceError;
    if (!known) log('management.failed', { err: error, requestId, method: exchange.method });
    if (exchange.replied) return;
    const failure = asQueryError(known ? told : internalError());
    send(exchange, failure.status, printFailure(failure, requestId), requestId, retryLine(failure));
  }

  return {
    setCredentials(credentials) {
      authenticate = authenticatorOf(credentials);
    },
    serve(exchange) {
      const requestId = randomUUID();
      readBody(exchange, MAX_BODY_BYTES, (body) => {
        const answered =
          body === 'tooLarge'
            ? Promise.reject(validationError(`The request has more than ${MAX_BODY_BYTES} bytes`))
            : answer(exchange, body, requestId);
        answered.catch((error: unknown) => refuse(exchange, error, requestId));
      });
    },
  };
}
