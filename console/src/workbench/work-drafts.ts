// What somebody has on the bench: an integration as it is being changed, the request that it is tried with, and what the backend
// answers.
import { type Draft, draftOf } from './draft/draft.ts';
import type { Subject } from './draft/stored.ts';

export type Pair = readonly [name: string, value: string];

export interface RequestDraft {
  readonly method: string;
  /** Absolute, or a path of the stage. */
  readonly url: string;
  readonly headers: readonly Pair[];
  readonly body: string;
  /** JSON: what an authorizer found; empty: nothing. */
  readonly authorizer: string;
  /** Of WebSocket APIs: the text of a message. */
  readonly message: string;
}

/** `echo`: the backend answers with what it got. */
export interface ReplyDraft {
  readonly kind: 'echo' | 'given';
  readonly status: string;
  readonly headers: readonly Pair[];
  readonly body: string;
}

export interface Work {
  readonly draft: Draft;
  readonly request: RequestDraft;
  readonly reply: ReplyDraft;
}

export function newWork(subject: Subject, routeKey: string): Work {
  return { draft: draftOf(subject), request: requestFor(routeKey, subject), reply: ECHO };
}

export const ECHO: ReplyDraft = {
  kind: 'echo',
  status: '200',
  headers: [['content-type', 'application/json']],
  body: '{}',
};

/** One that the route would get. */
export function requestFor(routeKey: string, { api }: Pick<Subject, 'api'>): RequestDraft {
  const [method = 'GET', path = '/'] = routeKey.includes(' ') ? routeKey.split(' ') : ['GET', '/'];
  const wanted = method === 'ANY' ? 'GET' : method;
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(wanted);
  return {
    method: wanted,
    url: path.replace(/\{[^}]+\+\}/g, 'a/b').replace(/\{[^}]+\}/g, '1'),
    headers: hasBody ? [['content-type', 'application/json']] : [],
    body: hasBody ? '{"name": "Rex"}' : '',
    authorizer: '',
    message: messageFor(routeKey, api.routeSelectionExpression ?? ''),
  };
}

/** A message that chooses the route, where the expression is one member of it. */
function messageFor(routeKey: string, expression: string): string {
  const [, member] = /^\$\{?request\.body\.([A-Za-z_]\w*)\}?$/.exec(expression) ?? [];
  const own = routeKey.startsWith('$') || routeKey === '' ? undefined : routeKey;
  return JSON.stringify({
    ...(member === undefined || own === undefined ? {} : { [member]: own }),
    text: 'hello',
  });
}
