// Calls of functions that the functions host runs, from another process of the machine. While there is no host, because it has died,
// calls wait for the next one for a moment.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { Invocation, InvocationOutcome } from '../../backends/lambda-function.ts';
import { exited } from '../../functions/error-document.ts';
import { type Asker, Channel, ChannelError } from '../../net/channel/channel.ts';
import { printCall, readOutcome, readOutput } from './call-frames.ts';
import { FUNCTION_CHANNEL, INVOKE, OUTPUT, WELCOME } from './protocol.ts';

/** A host that died is replaced in a fifth of it, unless the machine is busy. */
const PATIENCE_MILLIS = 5_000;
const RETRY_MILLIS = 25;

/** Who waits for what becomes of a call: one object a call. */
class Caller implements Asker {
  readonly #arn: string;
  readonly #resolve: (outcome: InvocationOutcome) => void;

  constructor(arn: string, resolve: (outcome: InvocationOutcome) => void) {
    this.#arn = arn;
    this.#resolve = resolve;
  }

  answer(body: Buffer): void {
    this.#resolve(readOutcome(body) ?? gone(this.#arn));
  }

  refuse(): void {
    this.#resolve(crashed());
  }
}

export class FunctionCalls {
  readonly #path: string;
  #channel: Channel | undefined;
  #connecting: Promise<Channel> | undefined;
  #isClosed = false;
  /** Who listens to a call that runs, by its number. */
  readonly #listeners = new Map<number, (line: string) => void>();
  #lastCall = 0;

  /** `path` is that of the host's socket. */
  constructor(path: string) {
    this.#path = path;
  }

  /** By the ARN as the caller names it. Never rejects. */
  invoke(arn: string, invocation: Invocation): Promise<InvocationOutcome> {
    const { onOutput } = invocation;
    if (onOutput === undefined) return this.#ask(arn, invocation, 0);
    const call = ++this.#lastCall;
    this.#listeners.set(call, onOutput);
    return this.#ask(arn, invocation, call).finally(() => this.#listeners.delete(call));
  }

  close(): void {
    this.#isClosed = true;
    this.#channel?.end();
    this.#connecting?.then(
      (channel) => channel.end(),
      () => undefined,
    );
  }

  #ask(arn: string, invocation: Invocation, call: number): Promise<InvocationOutcome> {
    return new Promise((resolve) => {
      const caller = new Caller(arn, resolve);
      const text = printCall(arn, invocation, call);
      if (this.#channel !== undefined) this.#channel.askFor(caller, INVOKE, text);
      else this.#askLater(caller, text);
    });
  }

  #askLater(caller: Caller, text: string): void {
    this.#connecting ??= this.#connect();
    this.#connecting.then(
      (channel) => channel.askFor(caller, INVOKE, text),
      () => caller.refuse(),
    );
  }

  /** Rejects with ChannelError when there is no host in time. */
  async #connect(): Promise<Channel> {
    const until = performance.now() + PATIENCE_MILLIS;
    try {
      while (!this.#isClosed && performance.now() < until) {
        const channel = await this.#tryOnce();
        if (channel !== undefined) return channel;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
      }
    } finally {
      this.#connecting = undefined;
    }
    throw new ChannelError('The functions host is not there.');
  }

  #tryOnce(): Promise<Channel | undefined> {
    return new Promise((resolve) => {
      const socket = connect(this.#path);
      socket.once('error', () => resolve(undefined));
      socket.once('connect', () => {
        const handlers = {
          onAsk: () => {
            throw new Error('The functions host asks nothing.');
          },
          onTell: (kind: number, body: Buffer) => {
            if (kind === WELCOME) {
              this.#channel = channel;
              resolve(channel);
            } else this.#onTell(kind, body);
          },
          onEnd: () => {
            if (this.#channel === channel) this.#channel = undefined;
            resolve(undefined);
          },
        };
        const channel: Channel = new Channel(socket, handlers, FUNCTION_CHANNEL);
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

/** The function was taken away while the call was on its way. */
function gone(arn: string): InvocationOutcome {
  return { kind: 'notConfigured', message: `${arn} is not a function of this machine any more` };
}
