// Evaluated properties → plain data under the template's names, each of the type that its schema says (spec/definitions.md §4.6).
import { unreachable } from '../../defect.ts';
import type { ListNode, MapNode, Node } from '../../tree/node.ts';
import { jsonText } from '../evaluate/plain-text.ts';
import { convertScalar } from './convert-scalar.ts';
import { readJsonText } from './json-text.ts';
import { type Path, Problems, type PropertiesOf } from './problems.ts';
import { flattenResponseParameters } from './response-parameters.ts';
import { schemaOf } from './schemas.ts';
import type { Entries, Json, PropertyShape, ResourceSchema, Structure } from './shape.ts';

export interface Converted {
  readonly properties: { readonly [name: string]: unknown };
  /** `Body` of an Api. */
  readonly body?: Node;
}

/** Undefined for a type that Postern does not have. Throws TemplateError with everything that is wrong. */
export function convert(properties: MapNode, of: PropertiesOf): Converted | undefined {
  const schema = schemaOf(of.type);
  if (schema === undefined) return undefined;
  const problems = new Problems(of);
  const conversion = new Conversion(problems);
  const converted = conversion.resource(schema, properties);
  problems.end();
  return converted;
}

class Conversion {
  readonly #problems: Problems;
  #document: Node | undefined;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  resource(schema: ResourceSchema, properties: MapNode): Converted {
    const { instead } = schema;
    const given = instead?.names.filter((name) => isThere(properties, name)) ?? [];
    if (given.length > 1) this.#problems.other([], instead!.both, properties.members.get(given[1]!)!.value);
    const required = given.length > 0 ? [] : schema.required;
    const converted = this.#structure({ ...schema, required }, properties, []);
    return {
      properties: converted,
      ...(this.#document === undefined ? {} : { body: this.#document }),
    };
  }

  /** Undefined where it is wrong, or not there. */
  #value(shape: PropertyShape, node: Node, path: Path): unknown {
    switch (shape.kind) {
      case 'text':
      case 'integer':
      case 'number':
      case 'boolean':
        return convertScalar(shape, node, path, this.#problems);
      case 'list':
        if (node.kind === 'list') return this.#list(shape.item, node, path);
        this.#problems.wrongType(path, 'JSONArray', node);
        return undefined;
      case 'entries':
      case 'structure':
        return this.#map(shape, node, path);
      case 'json':
      case 'json text':
      case 'document':
        return this.#json(shape, node, path);
      case 'refused':
        this.#problems.other(path, shape.text, node);
        return undefined;
      default:
        return unreachable(shape);
    }
  }

  #list(item: PropertyShape, { items }: ListNode, path: Path): readonly unknown[] {
    return items
      .filter((each) => !isNull(each))
      .map((each, index) => this.#value(item, each, [...path, String(index)]));
  }

  #map(shape: Entries | Structure, node: Node, path: Path): unknown {
    if (node.kind === 'map') {
      return shape.kind === 'entries' ? this.#entries(shape, node, path) : this.#structure(shape, node, path);
    }
    if (shape.kind === 'structure' && shape.orScalar !== undefined && node.kind === 'scalar') {
      const { orScalar, members } = shape;
      return { [orScalar]: this.#value(members[orScalar] ?? { kind: 'text' }, node, path) };
    }
    this.#problems.wrongType(path, 'JSONObject', node);
    return undefined;
  }

  #entries(shape: Entries, { members }: MapNode, path: Path): object {
    const entries: [string, unknown][] = [];
    for (const [key, { value }] of members) {
      if (isNull(value)) continue;
      entries.push([key, this.#value(shape.value, value, [...path, key])]);
    }
    return shape.isOfResponses === true
      ? flattenResponseParameters(entries, members, path, this.#problems)
      : Object.fromEntries(entries);
  }

  #structure({ members, required }: Structure, node: MapNode, path: Path): { [name: string]: unknown } {
    for (const [key, { keyOffset }] of node.members) {
      if (!Object.hasOwn(members, key)) this.#problems.extraneous(path, key, keyOffset);
    }
    for (const key of required) {
      if (!isThere(node, key)) this.#problems.missing(path, key, node.offset);
    }
    const converted: [string, unknown][] = [];
    for (const [key, { value }] of node.members) {
      if (!Object.hasOwn(members, key) || isNull(value)) continue;
      const member = this.#value(members[key]!, value, [...path, key]);
      if (member !== undefined) converted.push([key, member]);
    }
    return Object.fromEntries(converted);
  }

  #json(shape: Json, node: Node, path: Path): unknown {
    const isText = node.kind === 'scalar' && typeof node.value === 'string';
    const tree = isText ? readJsonText(String(node.value), node.offset) : node;
    if (tree?.kind !== 'map') {
      this.#problems.wrongType(path, 'JSONObject', node);
      return undefined;
    }
    switch (shape.kind) {
      case 'json':
        return this.#map(shape.of, tree, path);
      case 'json text':
        return isText ? node.value : jsonText(tree);
      case 'document':
        this.#document = tree;
        return undefined;
      default:
        return unreachable(shape);
    }
  }
}

const isNull = (node: Node): boolean => node.kind === 'scalar' && node.value === null;

function isThere({ members }: MapNode, key: string): boolean {
  const member = members.get(key);
  return member !== undefined && !isNull(member.value);
}
