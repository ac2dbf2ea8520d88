// The first words of a link: who is there, and whether both understand each other.
import { isObject } from '../../grammar/json-object.ts';

export interface Hello {
  /** The lowest and the highest version of the protocol. */
  readonly protocols: readonly [number, number];
  /** Forms of documents that its program can read. */
  readonly level: number;
  /** Its program's version, for messages. */
  readonly program: string;
  /** The id of the cluster, which the store was given when it was made. */
  readonly cluster: string;
  readonly number: number;
  readonly incarnation: number;
}

export function printHello(hello: Hello): string {
  return JSON.stringify(hello);
}

export function printRefusal(reason: string): string {
  return JSON.stringify({ refused: reason });
}

/** What another node says of itself; a sentence where it refuses, or says what nobody understands. */
export function parseHello(body: Buffer): Hello | string {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    return NO_HELLO;
  }
  if (!isObject(value)) return NO_HELLO;
  if (typeof value.refused === 'string') return value.refused.slice(0, MOST_REASON);
  const { protocols, level, program, cluster, number, incarnation } = value;
  const isRight =
    Array.isArray(protocols) &&
    protocols.length === 2 &&
    [...protocols, level, number, incarnation].every(Number.isSafeInteger) &&
    typeof program === 'string' &&
    typeof cluster === 'string';
  if (!isRight) return NO_HELLO;
  return {
    protocols: protocols as [number, number],
    level: level as number,
    program: program.slice(0, MOST_PROGRAM),
    cluster,
    number: number as number,
    incarnation: incarnation as number,
  };
}

/** Why two nodes have no link; undefined when they may have one. The sentence is `mine`'s. */
export function refusalOf(mine: Hello, other: Hello): string | undefined {
  if (mine.cluster !== other.cluster) {
    return `Node ${mine.number} is of the cluster ${mine.cluster}, the other one of ${JSON.stringify(other.cluster.slice(0, MOST_PROGRAM))}: one of the two has another store.`;
  }
  const [lowest, highest] = mine.protocols;
  const [otherLowest, otherHighest] = other.protocols;
  if (Math.max(lowest, otherLowest) <= Math.min(highest, otherHighest)) return undefined;
  return (
    `Node ${mine.number} (Postern ${mine.program}) speaks the versions ${lowest} to ${highest} of the protocol between nodes, ` +
    `node ${other.number} (Postern ${other.program}) ${otherLowest} to ${otherHighest}: upgrade by one release at a time.`
  );
}

const NO_HELLO = 'What answers is not a node of Postern.';
const MOST_REASON = 1_000;
const MOST_PROGRAM = 100;
