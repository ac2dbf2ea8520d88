// One request of a command, by `node:http`: to load `fetch` takes Node.js as much CPU as all else that `postern explain` does, twice over.
// The modules are not imported, which would load it too (see packages.ts).
import type { IncomingMessage } from 'node:http';

const { request: httpRequest } = process.getBuiltinModule('node:http');

export interface SentRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text. */
  readonly body?: string;
  /** Aborts it, and the reading of its answer. */
  readonly signal?: AbortSignal;
}

/** Without an answer. */
const PATIENCE_IN_MILLIS = 300_000;

/** The head of the answer; its body is still to be read. Redirects are answers. Rejects with the system's error when there is none. */
export function sendRequest(url: URL, asked: SentRequest): Promise<IncomingMessage> {
  const { body, ...rest } = asked;
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? process.getBuiltinModule('node:https').request : httpRequest;
    // A connection of its own: one that is kept may be closed by the server while it is used again.
    const request = send(url, { ...rest, agent: false, timeout: PATIENCE_IN_MILLIS }, (response) => {
      request.setTimeout(0);
      resolve(response);
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
    request.end(body);
  });
}

/** The whole body. Rejects when the connection ends before it does. */
export async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}
