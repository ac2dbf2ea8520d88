// What a value of the configuration file may be, said once: each shape reads a value, and has the JSON Schema that editors
// check it by. The schema of the file (config-schema.ts) is put together from those that read it.
import type { ConfigNode } from './config-node.ts';

/** A JSON Schema of draft 7, which editors know best. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

export interface Shape<T> {
  readonly schema: Schema;
  /** Throws UsageError. */
  readonly read: (node: ConfigNode) => T;
}

/** Any one value: YAML takes an id of digits for a number, we do not. */
export const text: Shape<string> = {
  schema: { type: ['string', 'number', 'boolean'] },
  read: (node) => node.text(),
};

/** Text of a form; `advice` follows its name where it has another. */
export function matching(pattern: RegExp, advice: string): Shape<string> {
  return {
    schema: { type: 'string', pattern: sourceOf(pattern) },
    read: (node) => {
      const written = node.text();
      if (!pattern.test(written)) throw node.error(`${advice}, not ${JSON.stringify(written)}`);
      return written;
    },
  };
}

/** A slash is a character like others where patterns are text. */
export function sourceOf(pattern: RegExp): string {
  return pattern.source.replaceAll('\\/', '/');
}

export const boolean: Shape<boolean> = { schema: { type: 'boolean' }, read: (node) => node.boolean() };

/** Data of any kind; its scalars are text. */
export const anything: Shape<unknown> = {
  schema: {},
  read: (node) => {
    if (node.isScalar) return node.text();
    if (node.isList) return node.items().map(anything.read);
    return Object.fromEntries(node.entries().map(([name, value]) => [name, anything.read(value)]));
  },
};

/** `true` alone, of what is otherwise left out. */
export const yes: Shape<true> = {
  schema: { enum: [true] },
  read: (node) => {
    if (!node.boolean()) throw node.error('is true, or not there');
    return true;
  },
};

/** A number between both, itself among them. */
export function number(minimum: number, maximum: number): Shape<number> {
  return { schema: { type: 'number', minimum, maximum }, read: (node) => node.number(minimum, maximum) };
}

export function integer(minimum: number, maximum: number): Shape<number> {
  return { schema: { type: 'integer', minimum, maximum }, read: (node) => node.integer(minimum, maximum) };
}

/** One of the words. */
export function choice<const W extends string>(words: readonly W[]): Shape<W> {
  return { schema: { enum: words }, read: (node) => node.choice(words) };
}

/** An http or https URL without query, read without `/` at its end. */
export const url: Shape<string> = {
  schema: { type: 'string', pattern: '^[Hh][Tt][Tt][Pp][Ss]?:[^?#]+$' },
  read: (node) => node.url(),
};

/** A path, which starts from the file's directory; read as an absolute one. */
export const filePath: Shape<string> = {
  schema: { type: ['string', 'number', 'boolean'], minLength: 1 },
  read: (node) => node.filePath(),
};

export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: item.schema },
    read: (node) => node.items().map((each) => item.read(each)),
  };
}

/** Which keys a mapping may have whose keys the user chooses. */
export interface Keys {
  readonly pattern: RegExp;
  /** Follows the name of a value whose key is none. */
  readonly advice: string;
  /** Keys that are never right, and why. */
  readonly except?: { readonly names: readonly string[]; readonly advice: string };
}

/** Values by the keys that the user chooses, in the order of the file. */
export function entriesOf<T>(value: Shape<T>, keys?: Keys): Shape<ReadonlyMap<string, T>> {
  const { pattern, except } = keys ?? {};
  return {
    schema: {
      type: 'object',
      ...(pattern === undefined
        ? { additionalProperties: value.schema }
        : { patternProperties: { [sourceOf(pattern)]: value.schema }, additionalProperties: false }),
      ...(except === undefined ? {} : { propertyNames: { not: { enum: except.names } } }),
    },
    read: (node) =>
      new Map(
        node.entries().map(([key, each]) => {
          if (pattern?.test(key) === false) throw each.error(keys!.advice);
          if (except?.names.includes(key)) throw each.error(except.advice);
          return [key, value.read(each)];
        }),
      ),
  };
}

/** A member of a mapping whose keys are ours. */
export interface Member<T> {
  /** With what it means. */
  readonly schema: Schema;
  readonly isNeeded: boolean;
  readonly read: (node: ConfigNode | undefined) => T;
}

/** `about` is one sentence for whoever writes the file. */
export function needed<T>(about: string, shape: Shape<T>): Member<T> {
  const schema = { description: about, ...shape.schema };
  return { schema, isNeeded: true, read: (node) => shape.read(node!) };
}

export function optional<T>(about: string, shape: Shape<T>): Member<T | undefined> {
  const schema = { description: about, ...shape.schema };
  return { schema, isNeeded: false, read: (node) => (node === undefined ? undefined : shape.read(node)) };
}

/** `fallback` holds without it. */
export function defaulted<T>(about: string, shape: Shape<T>, fallback: NoInfer<T>): Member<T> {
  const { schema, read } = optional(about, shape);
  return {
    schema: { ...schema, default: fallback },
    isNeeded: false,
    read: (node) => read(node) ?? fallback,
  };
}

export interface Members {
  readonly [name: string]: Member<unknown>;
}

export type ReadOf<M extends Members> = { readonly [N in keyof M]: ReturnType<M[N]['read']> };

/** A mapping whose keys are these alone. */
export function objectOf<M extends Members>(members: M): Shape<ReadOf<M>> {
  const names = Object.keys(members);
  const required = names.filter((name) => members[name]!.isNeeded);
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, members[name]!.schema])),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    },
    read: (node) => {
      const nodes = node.members(names);
      if (required.some((name) => !nodes.has(name))) throw node.error(`needs ${required.join(' and ')}`);
      return Object.fromEntries(
        names.map((name) => [name, members[name]!.read(nodes.get(name))]),
      ) as ReadOf<M>;
    },
  };
}

/** The members that are there. */
export function said<T extends object>(members: T): { readonly [N in keyof T]?: NonNullable<T[N]> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [N in keyof T]?: NonNullable<T[N]> };
}

/** An object that has exactly one of the members. */
export function withOneOf<T extends object>(names: readonly (keyof T & string)[], shape: Shape<T>): Shape<T> {
  return {
    schema: { ...shape.schema, oneOf: names.map((name) => ({ required: [name] })) },
    read: (node) => {
      const value = shape.read(node);
      if (names.filter((name) => value[name] !== undefined).length === 1) return value;
      throw node.error(`needs exactly one of ${names.join(', ')}`);
    },
  };
}

/** One value in one shape, or a collection in another. */
export function scalarOr<S, C>(scalar: Shape<S>, collection: Shape<C>): Shape<S | C> {
  return {
    schema: { anyOf: [scalar.schema, collection.schema] },
    read: (node) => (node.isScalar ? scalar.read(node) : collection.read(node)),
  };
}

/** What is made of a value; `make` throws the node's error for what the shape lets through, and `more` is what of that a
 *  schema can say. */
export function into<T, U>(
  shape: Shape<T>,
  make: (value: T, node: ConfigNode) => U,
  more: Schema = {},
): Shape<U> {
  return { schema: { ...shape.schema, ...more }, read: (node) => make(shape.read(node), node) };
}

/** The value with its place, for a complaint about it beside others. */
export function placed<T>(shape: Shape<T>): Shape<{ readonly value: T; readonly node: ConfigNode }> {
  return into(shape, (value, node) => ({ value, node }));
}

/** The value's place alone, for what reads it by others. */
export function nodeOf(shape: Shape<unknown>): Shape<ConfigNode> {
  return into(shape, (_, node) => node);
}

/** A part of the file with a name of its own, which is told apart from its defaults; `absent` holds without it. */
export function section<T>(about: string, shape: Shape<T>, absent: NoInfer<T>): Member<T> {
  const { schema, read } = optional(about, shape);
  return { schema, isNeeded: false, read: (node) => (node === undefined ? absent : (read(node) as T)) };
}
