// The functions host as the other processes of the machine see it: a socket where they call functions. It knows no documents and no
// settings: the primary says which functions there are.
import { createServer, type Server } from 'node:net';
import type { CountedFunctions } from '../../functions/function-counts.ts';
import {
  createLocalFunctions,
  type FunctionLists,
  type LocalFunctions,
  type LocalFunctionsMeans,
} from '../../functions/local-functions.ts';
import { parseFunctionName } from '../../grammar/function-name.ts';
import { Channel } from '../../net/channel/channel.ts';
import { processFigures } from '../../telemetry/process-figures.ts';
import {
  FUNCTION_CHANNEL,
  INVOKE,
  OUTPUT,
  printOutcome,
  printOutput,
  readCall,
  WELCOME,
} from './protocol.ts';

/** Callers name functions by their whole ARNs. */
const NO_PLACE = { partition: 'aws', region: '', account: '' };

export class FunctionsServer {
  readonly #functions: LocalFunctions;
  readonly #server: Server;
  readonly #channels = new Set<Channel>();

  constructor(lists: FunctionLists, means: LocalFunctionsMeans) {
    this.#functions = createLocalFunctions([], means);
    this.replace(lists);
    this.#server = createServer((socket) => {
      const channel: Channel = new Channel(
        socket,
        {
          onAsk: (kind, body) => {
            if (kind !== INVOKE) throw new Error(`The functions host is not asked for ${kind}.`);
            return this.#call(channel, body);
          },
          onTell: () => undefined,
          onEnd: () => this.#channels.delete(channel),
        },
        FUNCTION_CHANNEL,
      );
      this.#channels.add(channel);
      channel.tell(WELCOME, '');
    });
  }

  /** At the path of a Unix socket. Rejects with the system's error. */
  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, resolve);
    });
  }

  get counts(): CountedFunctions {
    return { functions: this.#functions.counts, process: processFigures() };
  }

  replace(lists: FunctionLists): void {
    this.#functions.replace(lists);
  }

  /** Running calls may finish for `deadlineMillis`. */
  async close(deadlineMillis: number): Promise<void> {
    this.#server.close();
    await this.#functions.close(deadlineMillis);
    for (const channel of this.#channels) channel.end();
  }

  async #call(channel: Channel, body: Buffer): Promise<string> {
    const onOutput = (call: number, line: string) => channel.tell(OUTPUT, printOutput(call, line));
    const { arn, invocation } = readCall(body, onOutput);
    const found = this.#functions.find(parseFunctionName(arn, NO_PLACE));
    return printOutcome(await found?.invoke(invocation));
  }
}
