// Calls of the management door: JSON both ways, signed when somebody has logged in. What is refused is thrown as a CallError.
import { type EventOfStream, readEvents } from '../../../src/wire/event-stream.ts';
import { CallError } from './call-error.ts';
import { requestHeaders } from './keys.ts';

export interface CallOptions {
  /** Whose API is meant: the region that it is in. That of the session when absent. */
  readonly region?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

let tellOfRefusal: (error: CallError) => void = () => undefined;

/** Has somebody told of every call that is refused, before its caller is. */
export function onRefusal(listener: (error: CallError) => void): void {
  tellOfRefusal = listener;
}

/** Calls `path`, which begins with `/v2/` or `/_postern/` and may have a query. `body` is sent as JSON. Resolves with what the answer's
 *  JSON is, or with its text where it is none; with undefined when it has no body. Rejects with a CallError. */
// biome-ignore lint/suspicious/noExplicitAny: what an answer is, its caller says, as with JSON.parse.
export async function call<T = any>(
  method: string,
  path: string,
  body?: unknown,
  options: CallOptions = {},
): Promise<T> {
  const response = await send(method, path, body === undefined ? '' : JSON.stringify(body), options);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return (text === '' ? undefined : isJson ? JSON.parse(text) : text) as T;
}

/** How a stream stands, for who looks at it. */
export type StreamState = 'connecting' | 'open' | { readonly refused: string };

const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 10_000;

/** Reads a stream of server-sent events until it is told to stop, and connects again whenever it ends; not after a refusal. */
export function stream(
  path: string,
  onEvent: (event: EventOfStream) => void,
  onState: (state: StreamState) => void = () => undefined,
): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    let wait = FIRST_WAIT_MILLIS;
    while (!signal.aborted) {
      onState('connecting');
      try {
        const response = await send('GET', path, '', { signal });
        onState('open');
        wait = FIRST_WAIT_MILLIS;
        await readEvents(response.body!, onEvent);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof CallError && error.status >= 400 && error.status < 500) {
          onState({ refused: error.message });
          return;
        }
      }
      if (signal.aborted) return;
      onState('connecting');
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2);
    }
  };
  void run();
  return () => stopping.abort();
}

async function send(method: string, path: string, body: string, options: CallOptions): Promise<Response> {
  const headers = await requestHeaders({ method, path, body, region: options.region });
  const response = await fetch(path, {
    method,
    headers,
    ...(body === '' ? {} : { body }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    cache: 'no-store',
    redirect: 'error',
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new CallError('Postern does not answer. Is it still running?', 0, '');
  });
  if (response.ok) return response;
  const text = await response.text();
  const code = response.headers.get('x-amzn-errortype') ?? '';
  const date = Date.parse(response.headers.get('date') ?? '');
  const message = messageIn(text) ?? `${method} ${path} was answered with ${response.status}.`;
  const error = new CallError(message, response.status, code, Number.isNaN(date) ? undefined : date);
  tellOfRefusal(error);
  throw error;
}

/** AWS has both spellings. */
function messageIn(text: string): string | undefined {
  try {
    const { message, Message } = JSON.parse(text);
    const found = message ?? Message;
    return typeof found === 'string' && found !== '' ? found : undefined;
  } catch {
    return undefined;
  }
}
