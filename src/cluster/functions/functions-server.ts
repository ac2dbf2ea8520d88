// The functions host as the other processes of the machine see it: a socket where they call functions. It knows no documents and no
// settings: the primary says which functions there are.
import { createServer, type Server } from 'node:net';
import type { LambdaFunction } from '../../backends/lambda-function.ts';
import type { CountedFunctions } from '../../functions/function-counts.ts';
import {
  createLocalFunctions,
  type FunctionLists,
  type LocalFunctions,
  type LocalFunctionsMeans,
} from '../../functions/local-functions.ts';
import { parseFunctionName } from '../../grammar/function-name.ts';
import { Channel, type OtherSide } from '../../net/channel/channel.ts';
import { processFigures } from '../../telemetry/process-figures.ts';
import { GONE, printOutcome, printOutput, readCall } from './call-frames.ts';
import { FUNCTION_CHANNEL, INVOKE, OUTPUT, WELCOME } from './protocol.ts';

/** Callers name functions by their whole ARNs. */
const NO_PLACE = { partition: 'aws', region: '', account: '' };
/** Names under which functions are kept that were found: a client of the Invoke API may add what qualifier it likes. */
const MAX_FOUND = 1_000;

export class FunctionsServer {
  readonly #functions: LocalFunctions;
  readonly #server: Server;
  readonly #channels = new Set<Channel>();
  /** Until there are others. */
  readonly #found = new Map<string, LambdaFunction>();

  constructor(lists: FunctionLists, means: LocalFunctionsMeans) {
    this.#functions = createLocalFunctions([], means);
    this.replace(lists);
    this.#server = createServer((socket) => {
      const onOutput = (call: number, line: string) => channel.tell(OUTPUT, printOutput(call, line));
      const channel: Channel = new Channel(
        socket,
        {
          onAsk: (kind, body, asker) => {
            if (kind !== INVOKE) throw new Error(`The functions host is not asked for ${kind}.`);
            return this.#call(body, onOutput, asker);
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
    this.#found.clear();
  }

  /** Running calls may finish for `deadlineMillis`. */
  async close(deadlineMillis: number): Promise<void> {
    this.#server.close();
    await this.#functions.close(deadlineMillis);
    for (const channel of this.#channels) channel.end();
  }

  #call(
    body: Buffer,
    onOutput: (call: number, line: string) => void,
    asker: OtherSide,
  ): typeof GONE | undefined {
    const { arn, invocation } = readCall(body, onOutput);
    const found = this.#found.get(arn) ?? this.#find(arn);
    if (found === undefined) return GONE;
    void found.invoke(invocation).then((outcome) => asker.answer(printOutcome(outcome)));
    return undefined;
  }

  #find(arn: string): LambdaFunction | undefined {
    const found = this.#functions.find(parseFunctionName(arn, NO_PLACE));
    if (found === undefined) return undefined;
    if (this.#found.size >= MAX_FOUND) this.#found.clear();
    this.#found.set(arn, found);
    return found;
  }
}
