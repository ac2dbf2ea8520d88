// Where a document differs from OpenAPI 3.0, in the texts of swagger-parser v3 (spec/openapi.md §5.4, Choices O10 and O30).

import { type MapNode, type Member, memberOf, type Node, textOf } from '../../tree/node.ts';
import { BoundedLines } from '../bounded-lines.ts';
import type { Line } from '../definition.ts';
import { leadsSomewhere } from './references.ts';
import { DOCUMENT, type Rule, type Shape, within } from './shapes.ts';

/**
 * The parse issues, in the order of the document: those of an object, then those of its members one by one as they are written.
 * Below a loose rule a value that several aliases share is visited once, and a circle ends.
 */
export function parseIssues(root: MapNode): readonly Line[] {
  const lines = new BoundedLines();
  const visited = new Set<Node>();
  const earlier = new Map<Rule, Set<string>>();
  const add = (issue: string, offset: number): void => lines.add(`Parse issue: attribute ${issue}`, offset);

  function checkObject(node: MapNode, shape: Shape, owner: string, isLoose: boolean): void {
    if (isLoose && visited.has(node)) return;
    if (isLoose) visited.add(node);
    const reference = memberOf(node, '$ref');
    if (
      (isLoose || shape.isReferable) &&
      reference?.kind === 'scalar' &&
      typeof reference.value === 'string'
    ) {
      // Members beside a reference are ignored, as OpenAPI says.
      if (!leadsSomewhere(reference.value, root))
        add(`${within(owner, reference.value)} is missing`, reference.offset);
      return;
    }
    const place = shape.placeOf?.(owner, node) ?? owner;
    if (!isLoose) checkRequired(node, shape, place);
    for (const [key, member] of node.members) {
      if (shape.isExtensible && key.startsWith('x-')) continue;
      const rule = shape.members.get(key) ?? shape.others;
      if (rule === 'unexpected' && !isLoose) add(`${within(place, key)} is unexpected`, member.keyOffset);
      if (typeof rule !== 'string') checkMember(key, member, rule, place, isLoose);
    }
  }

  function checkMember(
    key: string,
    { keyOffset, value }: Member,
    rule: Rule,
    place: string,
    isLoose: boolean,
  ): void {
    if (!isLoose) {
      if (!isOfType(value, rule.type))
        return add(`${within(place, key)} is not of type \`${rule.type}\``, value.offset);
      if (value.kind === 'map') for (const issue of rule.issuesOf?.(key, value) ?? []) add(issue, keyOffset);
      checkRepeated(key, value, rule, place);
    }
    if (rule.shape === undefined) return;
    const shape = rule.shape();
    const valuePlace = rule.at?.(place, key) ?? place;
    const isLooseBelow = isLoose || rule.isLoose === true;
    if (value.kind === 'map' && rule.type === 'object') checkObject(value, shape, valuePlace, isLooseBelow);
    else if (value.kind === 'list' && rule.type === 'array')
      for (const item of value.items) {
        if (item.kind === 'map') checkObject(item, shape, valuePlace, isLooseBelow);
        else if (!isLooseBelow) checkRequired(item, shape, valuePlace);
      }
  }

  function checkRequired(node: Node, shape: Shape, place: string): void {
    for (const key of shape.required) {
      const value = memberOf(node, key);
      const isText = shape.members.get(key)?.type === 'string';
      if (value === undefined || (isText && isNull(value)))
        add(`${within(place, key)} is missing`, node.offset);
    }
  }

  function checkRepeated(key: string, value: Node, rule: Rule, place: string): void {
    const text = textOf(value);
    if (rule.repeatedAs === undefined || text === undefined) return;
    const texts = earlier.get(rule) ?? new Set();
    earlier.set(rule, texts);
    if (texts.has(text)) add(`${within(place, rule.repeatedAs(key, text))} is repeated`, value.offset);
    texts.add(text);
  }

  checkObject(root, DOCUMENT, '', false);
  return lines.end((count) => `${count} more parse issues are not listed`);
}

const isNull = (node: Node): boolean => node.kind === 'scalar' && node.value === null;

function isOfType(node: Node, type: Rule['type']): boolean {
  switch (type) {
    case 'string':
      return node.kind === 'scalar';
    case 'object':
      return node.kind === 'map';
    case 'array':
      return node.kind === 'list';
    default:
      return true;
  }
}
