// Names of schemas: `id`, and what `$ref` refers to (draft 4 core, §7; JSON Pointer, RFC 6901).
import { isObject } from '../../../grammar/json-object.ts';
import { DRAFT4, METASCHEMA } from './metaschema.ts';
import { SchemaError } from './schema-error.ts';
import { type RawSchema, referenceOf, subschemas } from './subschemas.ts';

/** The base of a schema without an `id`. */
const NO_BASE = 'model:/';

/** Schemas by their URIs. */
export class Documents {
  readonly #byUri = new Map<string, RawSchema>();
  /** What references in a schema are relative to, without fragment. */
  readonly #bases = new Map<RawSchema, string>();

  /** Adds a schema with all that stand in it; `base` is the URI it stands under. Throws SchemaError. */
  add(schema: RawSchema, base: string): void {
    if (this.#bases.has(schema)) return;
    const own = referenceOf(schema) === undefined && typeof schema.id === 'string' ? schema.id : undefined;
    let inner = base;
    if (own !== undefined) {
      const [document, fragment] = split(resolve(own, base));
      this.#name(fragment === '' ? document : `${document}#${fragment}`, schema);
      if (fragment === '') inner = document;
    }
    this.#bases.set(schema, inner);
    for (const each of subschemas(schema)) this.add(each, inner);
  }

  /** The root of all: its base is its name even when it has an `id` of its own. */
  addRoot(schema: RawSchema): void {
    this.#byUri.set(NO_BASE, schema);
    this.add(schema, NO_BASE);
  }

  /** The schema that `reference`, written in `from`, names. Throws SchemaError. */
  find(reference: string, from: RawSchema): RawSchema {
    const uri = resolve(reference, this.#bases.get(from) ?? NO_BASE);
    const [document, fragment] = split(uri);
    const named = this.#byUri.get(fragment === '' ? document : `${document}#${fragment}`);
    if (named !== undefined) return named;
    const root = this.#byUri.get(document) ?? this.#known(document);
    if (root === undefined) throw new SchemaError(`no schema has the id ${document} that $ref names`);
    if (fragment === '') return root;
    const found = fragment.startsWith('/') ? this.#at(root, fragment) : undefined;
    if (found === undefined) throw new SchemaError(`$ref ${reference} leads to no schema`);
    return found;
  }

  #name(uri: string, schema: RawSchema): void {
    const other = this.#byUri.get(uri);
    if (other !== undefined && other !== schema) throw new SchemaError(`two schemas have the id ${uri}`);
    this.#byUri.set(uri, schema);
  }

  #known(document: string): RawSchema | undefined {
    if (document !== DRAFT4) return undefined;
    this.add(METASCHEMA, NO_BASE);
    return METASCHEMA;
  }

  /** Also below keywords that draft 4 does not know. */
  #at(root: RawSchema, pointer: string): RawSchema | undefined {
    let value: unknown = root;
    let base = this.#bases.get(root)!;
    for (const token of pointer.split('/').slice(1)) {
      const key = unescaped(token);
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as RawSchema)[key];
      if (isObject(value)) base = this.#bases.get(value) ?? base;
    }
    if (!isObject(value)) return undefined;
    this.add(value, base);
    return value;
  }
}

function unescaped(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    throw new SchemaError(`the %-encoding of $ref is malformed: ${token}`);
  }
}

function resolve(reference: string, base: string): string {
  try {
    return new URL(reference, base).href;
  } catch {
    throw new SchemaError(`${reference} is no URI`);
  }
}

function split(uri: string): readonly [document: string, fragment: string] {
  const at = uri.indexOf('#');
  return at < 0 ? [uri, ''] : [uri.slice(0, at), uri.slice(at + 1)];
}
