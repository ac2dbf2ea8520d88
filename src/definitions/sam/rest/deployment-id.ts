// The id of a REST API's deployment, which changes with what is deployed: a hash of the document as Python 2.7 would print it, with the
// keys of maps in the order of its hash tables. AWS SAM kept that order when it left Python 2.7, so that ids stayed.
import { createHash } from 'node:crypto';
import { unreachable } from '../../../defect.ts';
import { entries, get, isMap, madeMap, set, type Tree, type TreeMap } from '../editing.ts';
import { tableOrder } from '../hash-order.ts';
import { asciiJson, pythonQuoted, scalarJson, scalarText } from '../python-text.ts';

export interface Deployed {
  /** The document, or where it is. */
  readonly document: Tree | undefined;
  readonly version: Tree | undefined;
  readonly domain: Tree | undefined;
  /** Of the domain's resource. */
  readonly domainId: string | undefined;
  /** Names of the functions whose events name the API, one after the other. */
  readonly functionNames: string;
}

/** 40 hexadecimal digits; empty where there is no document. */
export function deploymentHash({ document, version, domain, domainId, functionNames }: Deployed): string {
  if (document === undefined) return '';
  const parts = [printed(document)];
  if (version?.kind === 'scalar') parts.push(version.text);
  if (isMap(domain)) parts.push(domainJson(domain, domainId));
  if (functionNames !== '') parts.push(functionNames);
  return createHash('sha1').update(parts.join('||')).digest('hex');
}

/** A map is copied each time that it is edited: keys that collide may change places, until they do no more. */
const COPIES = 4;

function keysOf(map: TreeMap): readonly string[] {
  let keys: readonly string[] = [...map.members.keys()];
  if (keys.length < 2) return keys;
  for (let copies = 0; copies <= COPIES; copies++) {
    const next = tableOrder(keys);
    if (next.every((key, at) => key === keys[at])) break;
    keys = next;
  }
  return keys;
}

/** `{u'paths': {…}}`: text of the template has the letter that Python 2.7 marked Unicode with, the expansion's own has none. */
function printed(tree: Tree): string {
  switch (tree.kind) {
    case 'map': {
      const members = keysOf(tree).map((key) => {
        const member = tree.members.get(key)!;
        return `${quoted(key, member.isOurs === true)}: ${printed(member.value)}`;
      });
      return `{${members.join(', ')}}`;
    }
    case 'list':
      return `[${tree.items.map(printed).join(', ')}]`;
    case 'scalar':
      if (typeof tree.value === 'string') return quoted(tree.value, 'isOurs' in tree);
      return scalarText(tree.value, tree.text);
    default:
      return unreachable(tree);
  }
}

function quoted(text: string, isOurs: boolean): string {
  const whole = pythonQuoted(text);
  if (isOurs) return whole;
  const ascii = Array.from(whole, (each) => {
    const point = each.codePointAt(0)!;
    if (point < 0x7f && point >= 0x20) return each;
    if (point <= 0xff) return `\\x${point.toString(16).padStart(2, '0')}`;
    return point <= 0xffff
      ? `\\u${point.toString(16).padStart(4, '0')}`
      : `\\U${point.toString(16).padStart(8, '0')}`;
  });
  return `u${ascii.join('')}`;
}

/** JSON with blanks, of the domain with what the expansion notes in it. */
function domainJson(domain: TreeMap, domainId: string | undefined): string {
  const noted = madeMap(domain.offset, {});
  for (const [key, value] of entries(domain)) set(noted, key, value);
  if (domainId !== undefined) set(noted, 'ApiDomainName', domainId);
  if (get(noted, 'EndpointConfiguration') === undefined) set(noted, 'EndpointConfiguration', 'REGIONAL');
  return spacedJson(noted);
}

function spacedJson(tree: Tree): string {
  if (tree.kind === 'list') return `[${tree.items.map(spacedJson).join(', ')}]`;
  if (tree.kind === 'map') {
    const members = keysOf(tree).map(
      (key) => `${asciiJson(JSON.stringify(key))}: ${spacedJson(tree.members.get(key)!.value)}`,
    );
    return `{${members.join(', ')}}`;
  }
  return scalarJson(tree);
}
