// Lambda's Invoke API for the functions of this installation, as Lambda's clients speak it (decision 0014;
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). Lambda's other operations are not here.
import { randomUUID } from 'node:crypto';
import type { LocalFinder } from '../../backends/lambda/lambda-functions.ts';
import type { InvocationOutcome, LambdaFunction } from '../../backends/lambda-function.ts';
import { unreachable } from '../../defect.ts';
import type { FunctionArn } from '../../grammar/arn.ts';
import { printFunctionArn } from '../../grammar/function-name.ts';
import { type Identity, notAuthorized } from '../../identity/identities.ts';
import { type Bytes, latin1Of } from '../../net/bytes.ts';
import { httpDate } from '../../net/date.ts';
import type { Exchange } from '../../net/exchange.ts';
import type { Log } from '../../telemetry/log.ts';
import { accessDenied, internalError, ServiceError } from '../../wire/errors.ts';
import { type Caller, createAuthenticator, type Signer } from '../caller.ts';
import { requireAction } from '../permissions.ts';
import { MAX_BODY_BYTES, readBody } from '../request-body.ts';
import {
  functionNotFound,
  printLambdaError,
  requestTooLarge,
  serviceFailure,
  throttled,
} from './lambda-errors.ts';
import { type InvokeRequest, readFunctionArn, readInvokeRequest } from './lambda-request.ts';
import { LogTail } from './log-tail.ts';

/** The paths that are Lambda's. */
export const LAMBDA_PREFIX = '/2015-03-31/functions/';

export interface LambdaDoorMeans {
  /** Absent where no functions are configured. */
  readonly functions?: LocalFinder;
  /** As the management door's. */
  readonly credentials: readonly Signer[];
  readonly account: string;
  readonly region?: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

export interface LambdaDoor {
  /** Answers every exchange whose path begins with LAMBDA_PREFIX. */
  serve(exchange: Exchange): void;
  /** Who may call from now on. */
  setCredentials(credentials: readonly Signer[]): void;
}

/** Longer than a call can take that waits, starts an instance and runs for Lambda's longest time-out. */
const MAX_MILLIS = 3_600_000;

const TOO_LARGE = requestTooLarge(
  `Request must be smaller than ${MAX_BODY_BYTES} bytes for the InvokeFunction operation`,
);

export function createLambdaDoor(means: LambdaDoorMeans): LambdaDoor {
  const { functions, now, log } = means;
  const authenticatorOf = (credentials: readonly Signer[]) =>
    createAuthenticator({
      ...means,
      credentials,
      service: 'lambda',
      permit(identity, exchange, region) {
        const arn = readFunctionArn(exchange.method, exchange.target, {
          account: identity.accountId,
          region,
        });
        requireOwnFunction(identity, arn);
        requireAction(identity, exchange, INVOKE, printFunctionArn(arn));
      },
    });
  let authenticate = authenticatorOf(means.credentials);

  async function answer(exchange: Exchange, body: Bytes): Promise<void> {
    const caller: Caller = await authenticate(exchange, body, now());
    const arn = readFunctionArn(exchange.method, exchange.target, caller);
    const found = functions?.find(arn);
    if (found === undefined) throw functionNotFound(printFunctionArn(arn));
    const request = readInvokeRequest(exchange, body);
    if (request.type === 'DryRun') {
      exchange.send(204, commonLines(randomUUID(), now()), '');
    } else {
      await invoke(exchange, found, request);
    }
  }

  async function invoke(exchange: Exchange, found: LambdaFunction, request: InvokeRequest): Promise<void> {
    const { type, clientContext, event } = request;
    const tail = request.tail ? new LogTail(now) : undefined;
    const outcome = await found.invoke({
      event,
      type: type === 'Event' ? 'Event' : 'RequestResponse',
      timeoutInMillis: MAX_MILLIS,
      requestId: exchange.requestId,
      traceId: exchange.headers.first('x-amzn-trace-id'),
      clientContext,
      onOutput: tail && ((line) => tail.add(line)),
    });
    if (outcome.kind !== 'returned' && outcome.kind !== 'functionError') throw failureOf(outcome);
    const { awsRequestId, payload } = outcome;
    if (type === 'Event') {
      exchange.send(202, commonLines(awsRequestId, now()), '');
      return;
    }
    exchange.send(
      200,
      `Content-Type: application/json\r\nX-Amz-Executed-Version: $LATEST\r\n` +
        (outcome.kind === 'functionError' ? 'X-Amz-Function-Error: Unhandled\r\n' : '') +
        (tail === undefined ? '' : `X-Amz-Log-Result: ${tail.print(awsRequestId)}\r\n`) +
        commonLines(awsRequestId, now()),
      latin1Of(payload),
    );
  }

  function refuse(exchange: Exchange, error: unknown): void {
    if (error instanceof ServiceError) {
      sendLambdaError(exchange, now(), error);
      return;
    }
    log('invoke.failed', { err: error, requestId: exchange.requestId });
    if (!exchange.replied) sendLambdaError(exchange, now(), internalError());
  }

  return {
    serve(exchange) {
      readBody(exchange, MAX_BODY_BYTES, (body) => {
        if (body === 'tooLarge') sendLambdaError(exchange, now(), TOO_LARGE);
        else answer(exchange, body).catch((error: unknown) => refuse(exchange, error));
      });
    },
    setCredentials(credentials) {
      authenticate = authenticatorOf(credentials);
    },
  };
}

const INVOKE = 'lambda:InvokeFunction';

/** Functions here have no policies, so nobody is let in from another account, whatever the caller's own policies say. */
function requireOwnFunction(identity: Identity, arn: FunctionArn): void {
  if (arn.account === identity.accountId) return;
  throw accessDenied(
    `${notAuthorized(identity, INVOKE, printFunctionArn(arn))} because no resource-based policy allows the ${INVOKE} action`,
  );
}

type Failure = Exclude<InvocationOutcome, { readonly kind: 'returned' | 'functionError' }>;

function failureOf(outcome: Failure): ServiceError {
  switch (outcome.kind) {
    case 'throttled':
      return throttled();
    case 'tooLarge':
      return TOO_LARGE;
    case 'timeout':
      return serviceFailure('The function did not answer.');
    case 'refused':
    case 'notConfigured':
    case 'unavailable':
      return serviceFailure(outcome.message);
    default:
      unreachable(outcome);
  }
}

function sendLambdaError(exchange: Exchange, nowMillis: number, error: ServiceError): void {
  const lines = `Content-Type: application/json\r\nx-amzn-ErrorType: ${error.code}\r\n`;
  exchange.send(
    error.status,
    lines + commonLines(randomUUID(), nowMillis),
    latin1Of(printLambdaError(error)),
  );
}

function commonLines(awsRequestId: string, nowMillis: number): string {
  return `x-amzn-RequestId: ${awsRequestId}\r\nDate: ${httpDate(nowMillis)}\r\n`;
}
