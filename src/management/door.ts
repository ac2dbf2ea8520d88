// The management door: the API Gateway V2 management API and /_postern/ on an Exchange; lambda-door.ts has Lambda's Invoke
// API, cloudformation-door.ts CloudFormation's. The order of checks is that of spec/management-api.md §1.5: authentication, routing, JSON, the resources of the path, their members, the rest.
import type { LocalFinder } from '../backends/lambda/lambda-functions.ts';
import type { DeployAnswer } from '../definitions/deploy-answer.ts';
import type { DeployRequest, StackPlace } from '../definitions/deploy-request.ts';
import type { Bytes } from '../net/bytes.ts';
import type { Exchange } from '../net/exchange.ts';
import { ExchangeLine } from '../net/exchange-line.ts';
import type { Context, ReadContext } from '../resources/context.ts';
import { askedOnce, type Outside, type Preparation } from '../resources/outside.ts';
import type { ReadTransaction, Store } from '../store/store.ts';
import { BadPageError } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import type { Log } from '../telemetry/log.ts';
import type { RequestLog } from '../telemetry/request-log.ts';
import { checkInput } from '../wire/check.ts';
import { badRequest, internalError, notImplemented, ServiceError, unknownOperation } from '../wire/errors.ts';
import { matchOperation } from '../wire/match.ts';
import type { Input, Operation, OperationName, Output, ReadOperationName } from '../wire/operation.ts';
import type { AnyInput } from '../wire/parse.ts';
import { parseInput } from '../wire/parse.ts';
import { printOutput } from '../wire/print.ts';
import type { Caller, Signer } from './caller.ts';
import {
  createAuthenticator,
  DEFAULT_REGION,
  refuseOtherPages,
  refuseStrangers,
  refuseWebPages,
} from './caller.ts';
import { CLOUDFORMATION, createCloudFormationDoor, isQuery } from './cloudformation/cloudformation-door.ts';
import { sendForeign } from './foreign-reply.ts';
import { foreignCallOf } from './foreign-service.ts';
import { createLambdaDoor, LAMBDA_PREFIX } from './lambda/lambda-door.ts';
import { IMPORT, WORKBENCH } from './permissions.ts';
import { DEPLOYMENT_DIFF, deploymentDiffRoute } from './postern/deployment-diff-route.ts';
import { importRoute } from './postern/import-route.ts';
import type { AfterWrite, PosternRoute, PosternRoutes } from './postern/postern-routes.ts';
import { findRoute, HEALTH, METRICS, POSTERN_PREFIX, READY } from './postern/postern-routes.ts';
import { type AroundStacks, deployed, stacksRoutes } from './postern/stacks-route.ts';
import { WORDS, wordsRoute } from './postern/words-route.ts';
import { type WorkbenchPlane, workbenchRoute } from './postern/workbench-route.ts';
import { beginStream, JSON_TYPE, sendError, sendReply } from './reply.ts';
import { bodyLimitOf, jsonTextOf, readBody, tooLarge } from './request-body.ts';
import { storeFailure } from './store-failures.ts';

/** The rules of each operation that this version runs. What a handler's `prepare` returns is its own affair. */
export type Handlers = {
  readonly [N in OperationName]?: (
    input: Input<N>,
    context: N extends ReadOperationName ? ReadContext : Context,
    prepared: never,
  ) => Promise<Output<N>>;
};

/** One sentence for each operation that has no handler, and for no other: an operation in neither table, or in both, does
 *  not compile. */
export type NotYet<H> = Readonly<Record<Exclude<OperationName, keyof H>, string>> & {
  readonly [N in keyof H]?: never;
};

export interface ManagementMeans<H extends Handlers> {
  readonly store: Store;
  readonly handlers: H;
  readonly notYet: NotYet<H>;
  /** Throws the 404 of the first resource named in the path that is not there. Asked only when an input is wrong: a
   *  missing resource is the caller's bigger mistake. */
  readonly requirePath?: (name: OperationName, input: AnyInput, context: ReadContext) => Promise<unknown>;
  /** What callers must sign with; empty: anybody may call. */
  readonly credentials: readonly Signer[];
  readonly account: string;
  /** The region of unsigned requests; us-east-1 when absent. */
  readonly region?: string;
  /** The base address of an API's data plane: its ApiEndpoint. */
  readonly endpoint: (apiId: string, protocolType: string, region: string) => string;
  /** What the operator has configured, as resources ask for it. */
  readonly configured?: Pick<ReadContext, 'allowsHttpIssuer' | 'certificateCovers'>;
  /** What answers the rules' questions to others than the store; nobody when absent. */
  readonly outside?: Outside;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
  /** Where each call of an operation has a line. */
  readonly requestLog?: RequestLog | undefined;
  readonly afterWrite?: AfterWrite;
  /** How old at most what is read of the store is at present, in seconds; undefined while that is what is stored. */
  readonly behindSeconds?: (() => number | undefined) | undefined;
  /** What the operator says of the world around stacks, as it is now; nothing when absent. */
  readonly aroundStacks?: () => AroundStacks;
  /** Tries drafts; nobody does when absent. */
  readonly plane?: WorkbenchPlane;
  /** Further paths below /_postern/. */
  readonly routes?: PosternRoutes;
  /** What Lambda's Invoke API answers for. */
  readonly functions?: LocalFinder;
}

export interface ManagementDoor {
  /** Answers every exchange, defects of ours included. */
  serve(exchange: Exchange): void;
  /** Deploys for whoever runs the program: where unsigned requests are, or in another place. */
  deploy(request: DeployRequest, place?: StackPlace): Promise<DeployAnswer>;
  /** Who may call from now on; nobody listed means that everybody may. */
  setCredentials(credentials: readonly Signer[]): void;
  /** The same for a listener of its own that has nothing but what probes and scrapes read, and asks nobody who they are. */
  serveProbe(exchange: Exchange): void;
}

interface AnyHandler {
  (input: AnyInput, context: ReadContext, prepared: unknown): Promise<unknown>;
  readonly prepare?: (input: AnyInput, preparation: Preparation) => Promise<unknown>;
}

export function createManagementDoor<H extends Handlers>(means: ManagementMeans<H>): ManagementDoor {
  const handlers: { readonly [name: string]: AnyHandler | undefined } =
    means.handlers as object as typeof handlers;
  const notYet: { readonly [name: string]: string | undefined } = means.notYet;

  let authenticate = createAuthenticator(means);
  let accountsApart = means.credentials.length > 0;
  const lambda = createLambdaDoor(means);
  const { store, afterWrite, aroundStacks = () => NOTHING_AROUND, behindSeconds = () => undefined } = means;
  const cloudFormation = createCloudFormationDoor({ ...means, contextOf, aroundStacks });
  const routes: PosternRoutes = {
    [IMPORT]: importRoute({ store, afterWrite, contextOf }),
    [DEPLOYMENT_DIFF]: deploymentDiffRoute({ store, contextOf }),
    [WORDS]: wordsRoute,
    ...stacksRoutes({ store, afterWrite, contextOf, aroundStacks }),
    ...(means.plane === undefined
      ? {}
      : { [WORKBENCH]: workbenchRoute({ store, contextOf, plane: means.plane }) }),
    ...means.routes,
  };

  async function answer(exchange: Exchange, body: Bytes): Promise<void> {
    const mark = exchange.target.indexOf('?');
    const path = mark === -1 ? exchange.target : exchange.target.slice(0, mark);
    const query = mark === -1 ? '' : exchange.target.slice(mark + 1);
    if (path.startsWith(POSTERN_PREFIX)) return answerPostern(exchange, path, query, body);
    const authenticated = authenticate(exchange, body, means.now());
    const caller = authenticated instanceof Promise ? await authenticated : authenticated;
    const match = matchOperation(exchange.method, path);
    if (match === undefined) throw unknownOperation();
    const { operation } = match;
    const handler = handlers[operation.name];
    if (handler === undefined) {
      throw notImplemented(operation.name, notYet[operation.name] ?? '');
    }
    const text = operation.body.length === 0 ? '' : jsonTextOf(body);
    const input = parseInput(operation, match.labels, query, text);
    const { output, change } = await run(operation, handler, input, caller);
    sendReply(exchange, means.now(), {
      status: operation.status,
      contentType: contentTypeOf(operation, input),
      body: printOutput(operation, output),
      change,
      behind: behindSeconds(),
    });
  }

  /** Each question to the outside is asked once. */
  function contextOf({ account, region }: Caller): Omit<Context, 'tx'> & { readonly outside: Outside } {
    return {
      account,
      region,
      accountsApart,
      now: new Date(means.now()),
      endpoint: (apiId: string, protocolType: string) => means.endpoint(apiId, protocolType, region),
      ...means.configured,
      outside: askedOnce(means.outside ?? {}),
    };
  }

  async function run(
    operation: Operation,
    handler: AnyHandler,
    input: AnyInput,
    caller: Caller,
  ): Promise<{ readonly output: unknown; readonly change?: number | undefined }> {
    const problem = checkInput(operation, input);
    const context = contextOf(caller);
    if (problem !== undefined) {
      return means.store.read(async (tx) => {
        await means.requirePath?.(operation.name, input, { ...context, tx });
        throw problem;
      });
    }
    const prepared = await handler.prepare?.(input, { ...context, store });
    const work = (tx: ReadTransaction) => handler(input, { ...context, tx }, prepared);
    if (operation.reads) return { output: await means.store.read(work) };
    const output = await means.store.transact(work);
    return { output, change: await means.afterWrite?.() };
  }

  async function answerProbe(exchange: Exchange): Promise<void> {
    refuseWebPages(exchange);
    const key = `${exchange.method} ${exchange.target.replace(/\?.*/s, '')}`;
    const isProbe = key === METRICS || NEEDS_NOBODY.has(key);
    const route = isProbe ? (routes[key] as PosternRoute | undefined) : undefined;
    if (route === undefined) throw unknownOperation();
    const reply = await route({ name: '', query: '', body: '', caller: NOBODY, exchange });
    sendReply(exchange, means.now(), reply);
  }

  async function answerPostern(exchange: Exchange, path: string, query: string, body: Bytes): Promise<void> {
    const key = `${exchange.method} ${path}`;
    // Probes are answered before anybody is asked who they are.
    const caller = NEEDS_NOBODY.has(key) ? NOBODY : await authenticate(exchange, body, means.now());
    const found = findRoute(routes, exchange.method, path);
    if (found === undefined) throw unknownOperation();
    const reply = await found.route({ name: found.name, query, body, caller, exchange });
    if ('begin' in reply) reply.begin(beginStream(exchange, means.now(), reply.contentType));
    else sendReply(exchange, means.now(), { ...reply, behind: key === HEALTH ? undefined : behindSeconds() });
  }

  /** Its files are anybody's; but while anybody may call, a page by DNS rebinding is not given a console to play with. */
  async function answerConsole(exchange: Exchange): Promise<void> {
    if (!accountsApart) refuseStrangers(exchange);
    const { serveConsole } = await import('./console/console-door.ts');
    await serveConsole(exchange, means.now());
  }

  function refuse(exchange: Exchange, error: unknown): void {
    if (error instanceof ServiceError) {
      sendError(exchange, means.now(), error);
    } else if (error instanceof BadPageError) {
      sendError(exchange, means.now(), badRequest('Invalid nextToken specified', { cause: error }));
    } else if (error instanceof StoreError) {
      const { problem, message: reason } = error;
      // That it is away is logged once (`store.down`).
      if (problem !== 'unreachable')
        means.log('store.failed', { requestId: exchange.requestId, problem, reason });
      sendError(exchange, means.now(), storeFailure(error));
    } else {
      const { requestId, method } = exchange;
      means.log('management.failed', { err: error, requestId, method });
      if (!exchange.replied) sendError(exchange, means.now(), internalError());
    }
  }

  function serveProbe(exchange: Exchange): void {
    exchange.body.discard();
    answerProbe(exchange).catch((error: unknown) => refuse(exchange, error));
  }

  const { requestLog } = means;
  const lineFields = requestLog?.field('door', 'management') ?? '';
  return {
    async deploy(request, place) {
      const { account = means.account, region = means.region ?? DEFAULT_REGION } = place ?? {};
      const own = { ...contextOf({ account, region }), store, ...aroundStacks() };
      return (await deployed(request, own, afterWrite)).answer;
    },
    setCredentials(credentials) {
      authenticate = createAuthenticator({ ...means, credentials });
      accountsApart = credentials.length > 0;
      lambda.setCredentials(credentials);
      cloudFormation.setCredentials(credentials);
    },
    serveProbe,
    serve(exchange) {
      // Probes and scrapes come every few seconds.
      if (requestLog !== undefined && !exchange.target.startsWith(POSTERN_PREFIX)) {
        new ExchangeLine(exchange, requestLog, lineFields);
      }
      if (isOfConsole(exchange.target)) {
        exchange.body.discard();
        answerConsole(exchange).catch((error: unknown) => refuse(exchange, error));
        return;
      }
      try {
        refuseOtherPages(exchange);
      } catch (error) {
        exchange.body.discard();
        refuse(exchange, error);
        return;
      }
      const foreign = foreignCallOf(exchange);
      if (foreign === undefined ? isQuery(exchange) : foreign.service === CLOUDFORMATION) {
        cloudFormation.serve(exchange);
        return;
      }
      if (foreign !== undefined) {
        sendForeign(exchange, means.now(), foreign);
        return;
      }
      if (exchange.target.startsWith(LAMBDA_PREFIX)) {
        lambda.serve(exchange);
        return;
      }
      const limit = bodyLimitOf(exchange);
      readBody(exchange, limit, (body) => {
        if (body === 'tooLarge') sendError(exchange, means.now(), tooLarge(limit));
        else answer(exchange, body).catch((error: unknown) => refuse(exchange, error));
      });
    },
  };
}

/** Below this path the console is, which has files of its own. */
const CONSOLE_PATH = '/_postern/console';

function isOfConsole(target: string): boolean {
  return target.startsWith(CONSOLE_PATH) && ['/', '', '?'].includes(target.charAt(CONSOLE_PATH.length));
}

const NOTHING_AROUND: AroundStacks = { stacks: new Map() };

const NEEDS_NOBODY: ReadonlySet<string> = new Set([HEALTH, READY]);

const NOBODY: Caller = { account: '', region: '' };

// Only ExportApi has two (spec/management-api.md §3.5).
function contentTypeOf(operation: Operation, input: AnyInput): string {
  if (operation.payload === undefined) return JSON_TYPE;
  return input.OutputType === 'YAML' ? 'application/yaml' : JSON_TYPE;
}
