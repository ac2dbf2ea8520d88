// A draft of a WebSocket API's integration on one message or connect request: a stage compiled as every stage is, and an event served
// on a connection that is made for it. It is nobody else's: what is live does not know of it.
import type { InvocationOutcome, LambdaFunctions } from '../../backends/lambda-function.ts';
import type { Exchange } from '../../net/exchange.ts';
import type { StageMeans } from '../../snapshot/stage-means.ts';
import { compileSocketStage } from '../../snapshot/websocket/compile-stage.ts';
import type { GivenReply } from '../../stage/draft-backend.ts';
import type { Hub } from '../../websocket-api/connections/hub.ts';
import type { SocketEvent } from '../../websocket-api/event.ts';
import type { SocketDraftRun } from '../../websocket-api/explain/draft-run.ts';
import type { SocketTrace } from '../../websocket-api/explain/trace.ts';
import type { WebSocketStage } from '../../websocket-api/stage.ts';
import { PATH_FORM_PREFIX } from '../addressing.ts';
import { handshakeOf, servedConnect, servedMessage } from '../explain-socket.ts';
import { connectRequest, newConnection } from '../socket-door.ts';
import { meansOf } from './run-draft.ts';

export interface SocketDraftMeans {
  readonly stageMeans: StageMeans;
  readonly hub: Hub;
  readonly onDefect: (error: unknown, event: SocketEvent) => void;
  /** The gateway's URL. */
  readonly listening: string;
}

export async function runSocketDraft(run: SocketDraftRun, means: SocketDraftMeans): Promise<SocketTrace> {
  const { backend, message, frozen, stage: identity } = run;
  const { hub, onDefect } = means;
  const compiled = compileSocketStage(frozen, identity, socketMeansOf(run, means.stageMeans), {});
  try {
    const isCall = backend.kind === 'call';
    const stage = isCall ? compiled.stage : withoutChecks(compiled.stage);
    const exchange = handshakeOf({
      url: urlOf(run, means.listening),
      headers: run.headers,
      sourceIp: run.sourceIp,
    });
    const domain = domainOf(exchange);
    const { authorization } = run;
    const known = authorization?.kind === 'jwt' ? undefined : authorization;
    const connection = { ...newConnection(exchange, stage, domain, hub), authorization: known };
    // Keys have limits of their own, which a trial takes nothing of.
    const served = { hub, connect: { checkApiKey: () => undefined, onDefect } };
    if (message !== undefined) return ofDraft(await servedMessage(served, stage, connection, message), run);
    const mark = exchange.target.indexOf('?');
    const request = connectRequest(exchange, mark < 0 ? '' : exchange.target.slice(mark + 1));
    const trace = await servedConnect(served, stage, connection, request);
    const type = compiled.stage.connectRoute?.authorizationType ?? 'NONE';
    return isCall || type === 'NONE' ? trace : { ...trace, authorization: { type, result: 'not asked' } };
  } finally {
    compiled.release();
  }
}

function socketMeansOf({ backend, isCustom }: SocketDraftRun, means: StageMeans): StageMeans {
  const quiet = meansOf(backend, means);
  if (backend.kind === 'call') return quiet;
  const { signedServices } = means;
  return {
    ...quiet,
    ...(isCustom ? { functions: customFunctions(backend.reply, backend.answer) } : {}),
    signedServices: {
      refusal: () => undefined,
      endpoint: (service, region, subdomain) => signedServices.endpoint(service, region, subdomain),
      // Nobody is called, so nothing is signed.
      sign: async ({ headers }, { host }) => ({ ...headers, host }),
    },
  };
}

const FUNCTION_ERROR = 'x-amz-function-error';

/** Functions whose answer is the reply's body: an error where the reply has Lambda's header for one. Without one, their event. */
function customFunctions(reply: GivenReply | undefined, answer: string | undefined): LambdaFunctions {
  const isError =
    reply?.headers.some((each, i) => i % 2 === 0 && each.toLowerCase() === FUNCTION_ERROR) === true;
  const outcome = (event: string): InvocationOutcome => ({
    kind: isError ? 'functionError' : 'returned',
    payload: answer ?? reply?.body ?? event,
    awsRequestId: '',
  });
  return { find: () => ({ invoke: async ({ event }) => outcome(event) }) };
}

/** Whoever connects gets in: nobody is asked. */
function withoutChecks(stage: WebSocketStage): WebSocketStage {
  const { connectRoute: route } = stage;
  if (route === undefined) return stage;
  const open = { authorizer: undefined, authorizationType: 'NONE', apiKeyRequired: false };
  return { ...stage, connectRoute: { ...route, ...open } };
}

function urlOf({ url, stage }: SocketDraftRun, listening: string): string {
  if (!url.startsWith('/')) return url;
  const mark = url.indexOf('?');
  return `${listening}${PATH_FORM_PREFIX}${stage.apiId}/${stage.name}${mark < 0 ? '' : url.slice(mark)}`;
}

function domainOf({ host }: Exchange) {
  const name = host.replace(/:\d+$/, '');
  return { name, prefix: name.split('.')[0]!, forwardedHost: JSON.stringify(host) };
}

/** A message of another route tells nothing of the draft. */
function ofDraft(trace: SocketTrace, { routeKeys }: SocketDraftRun): SocketTrace {
  const { route, reply: _reply, ...rest } = trace;
  if (route === undefined || routeKeys.includes(route.key)) return trace;
  return { ...rest, route, refused: `the message takes the route ${route.key}, not ${routeKeys[0]}` };
}
