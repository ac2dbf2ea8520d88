// Calls of functions that the functions host runs, from another process of the machine. While there is no host, because it has died,
// calls wait for the next one for a moment.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { Invocation, InvocationOutcome } from '../../backends/lambda-function.ts';
import { exited } from '../../functions/error-document.ts';
import { Channel, ChannelError } from '../../net/channel/channel.ts';
import { FUNCTION_CHANNEL, INVOKE, OUTPUT, printCall, readOutcome, readOutput, WELCOME } from './protocol.ts';

/** A host that died is replaced in a fifth of it, unless the machine is busy. */
const PATIENCE_MILLIS = 5_000;
const RETRY_MILLIS = 25;

export class FunctionCalls {
  readonly #path: string;
  #channel: Promise<Channel> | undefined;
  #isClosed = false;
  /** Who listens to a call that runs, by its number. */
  readonly #listeners = new Map<number, (line: string) => void>();
  #lastCall = 0;

  /** `path` is that of the host's socket. */
  constructor(path: string) {
    this.#path = path;
  }

  /** By the ARN as the caller names it. Undefined where the host has no such function. Never rejects. */
  async invoke(arn: string, invocation: Invocation): Promise<InvocationOutcome | undefined> {
    const { onOutput } = invocation;
    const call = onOutput === undefined ? undefined : ++this.#lastCall;
    if (call !== undefined) this.#listeners.set(call, onOutput!);
    try {
      this.#channel ??= this.#connect();
      const channel = await this.#channel;
      return readOutcome(await channel.ask(INVOKE, printCall(arn, invocation, call)));
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      return crashed();
    } finally {
      if (call !== undefined) this.#listeners.delete(call);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#channel?.then(
      (channel) => channel.end(),
      () => undefined,
    );
  }

  /** Rejects with ChannelError when there is no host in time. */
  async #connect(): Promise<Channel> {
    const until = performance.now() + PATIENCE_MILLIS;
    while (!this.#isClosed && performance.now() < until) {
      const channel = await this.#tryOnce();
      if (channel !== undefined) return channel;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    }
    this.#channel = undefined;
    throw new ChannelError('The functions host is not there.');
  }

  #tryOnce(): Promise<Channel | undefined> {
    return new Promise((resolve) => {
      const socket = connect(this.#path);
      socket.once('error', () => resolve(undefined));
      socket.once('connect', () => {
        let isWelcome = false;
        const handlers = {
          onAsk: () => {
            throw new Error('The functions host asks nothing.');
          },
          onTell: (kind: number, body: Buffer) => {
            if (kind === WELCOME) {
              isWelcome = true;
              resolve(channel);
            } else this.#onTell(kind, body);
          },
          onEnd: () => {
            if (isWelcome) this.#channel = undefined;
            resolve(undefined);
          },
        };
        const channel = new Channel(socket, handlers, FUNCTION_CHANNEL);
      });
    });
  }

  #onTell(kind: number, body: Buffer): void {
    if (kind !== OUTPUT) return;
    const [call, line] = readOutput(body);
    this.#listeners.get(call)?.(line);
  }
}

/** What a call comes to whose host died: as if its function's process had been killed, which it was. */
function crashed(): InvocationOutcome {
  const awsRequestId = randomUUID();
  const payload = exited(awsRequestId, { code: null, signal: 'SIGKILL' });
  return { kind: 'functionError', payload, awsRequestId };
}
