// Methods of an object in another process of this machine, over a channel. Both sides are the same program: arguments and results
// are what `node:v8` serialises, and errors whose classes both know come back as what they were.
import { deserialize, serialize } from 'node:v8';
import { messageOf } from '../../defect.ts';
import type { Channel } from './channel.ts';

/** Errors that are part of what a method promises, by the name they travel under. Their own fields travel with them. */
export type KnownErrors = { readonly [name: string]: new (...args: never[]) => Error };

type Method = (...args: never[]) => unknown;
/** What can be called of `T` from elsewhere: methods that answer with a promise. */
export type Callable<T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => Promise<unknown> ? K : never]: T[K];
};

/** `[true, result]`, or of an error `[false, name, message, fields]`. */
type Outcome = readonly [true, unknown] | readonly [false, string, string, object];

/** Answers calls: to be what `onAsk` does for the kind of the calls. */
export function serveCalls(target: object, errors: KnownErrors = {}): (body: Buffer) => Promise<Buffer> {
  return async (body) => {
    const [name, ...args] = deserialize(body) as [string, ...never[]];
    try {
      return print([true, await methodOf(target, name).apply(target, args)]);
    } catch (error) {
      const known = Object.entries(errors).find(([, each]) => error instanceof each)?.[0];
      if (known === undefined) throw error;
      return print([false, known, messageOf(error), { ...(error as Error) }]);
    }
  };
}

/** The methods of a target elsewhere. They reject with ChannelError when it does not answer. */
export function callsTo<T extends object>(
  channel: Pick<Channel, 'ask'>,
  kind: number,
  options: { readonly errors?: KnownErrors; readonly timeoutMillis?: number } = {},
): Callable<T> {
  const { errors = {}, timeoutMillis } = options;
  const call = async (name: string, args: readonly unknown[]): Promise<unknown> => {
    const outcome = deserialize(
      await channel.ask(kind, serialize([name, ...args]), timeoutMillis),
    ) as Outcome;
    if (outcome[0]) return outcome[1];
    const [, known, message, fields] = outcome;
    // Without the class's constructor, which may want other things than it keeps.
    const error = Object.assign(new Error(message), fields);
    throw Object.setPrototypeOf(error, errors[known]?.prototype ?? Error.prototype);
  };
  const methods = new Map<string, (...args: unknown[]) => Promise<unknown>>();
  return new Proxy({} as Callable<T>, {
    get(_target, name) {
      // A promise resolves with it as it is.
      if (typeof name !== 'string' || name === 'then') return undefined;
      let method = methods.get(name);
      if (method === undefined) {
        method = (...args) => call(name, args);
        methods.set(name, method);
      }
      return method;
    },
  });
}

function methodOf(target: object, name: string): Method {
  const method: unknown = name in Object.prototype ? undefined : Reflect.get(target, name);
  if (typeof method !== 'function') throw new Error(`There is no method ${JSON.stringify(name)}.`);
  return method as Method;
}

function print(outcome: Outcome): Buffer {
  return serialize(outcome);
}
