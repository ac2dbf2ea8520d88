// What a document says of the API as a whole: name, endpoint, CORS and tags (spec/openapi.md §3.1 to §3.4, Choice O13).

import { type MapNode, memberOf, plainOf, textOf } from '../../tree/node.ts';
import type { DefinedTag, Definition } from '../definition.ts';
import { memberRows, readMembers } from './given.ts';
import { givenOf } from './values.ts';

const INFO = memberRows('CreateApi', { title: 'Name', description: 'Description', version: 'Version' });
const ENDPOINT = memberRows('CreateApi', {
  disableExecuteApiEndpoint: 'DisableExecuteApiEndpoint',
  ipAddressType: 'IpAddressType',
});
const CORS = memberRows('CreateApi', { 'x-amazon-apigateway-cors': 'CorsConfiguration' });

/** Of several servers, the first one counts for the endpoint. */
export function readApi(root: MapNode): Pick<Definition, 'api' | 'apiOffset'> {
  const info = memberOf(root, 'info');
  const servers = memberOf(root, 'servers');
  const server = servers?.kind === 'list' ? servers.items[0] : undefined;
  const endpoint = memberOf(server, 'x-amazon-apigateway-endpoint-configuration');
  return {
    api: { ...readMembers(info, INFO), ...readMembers(endpoint, ENDPOINT) },
    apiOffset: (info ?? root).offset,
  };
}

/** Members in other spellings are none, and no CORS comes of them alone (§3.4). What is no object is for the rules to refuse. */
export function readCors(root: MapNode): Definition['cors'] {
  const node = givenOf(root, 'x-amazon-apigateway-cors');
  if (node === undefined) return undefined;
  const given = readMembers(root, CORS).CorsConfiguration;
  if (node.kind === 'map' && Object.keys(given as object).length === 0) return undefined;
  return { given, offset: node.offset };
}

/** Every entry with a name, also those that group operations for other tools; their value is empty (§3.3). */
export function readTags(root: MapNode): readonly DefinedTag[] {
  const entries = memberOf(root, 'tags');
  if (entries?.kind !== 'list') return [];
  const tags = new Map<string, DefinedTag>();
  for (const entry of entries.items) {
    const key = textOf(memberOf(entry, 'name'));
    if (key === undefined) continue;
    const value = givenOf(entry, 'x-amazon-apigateway-tag-value');
    tags.set(key, {
      key,
      value: value === undefined ? '' : (textOf(value) ?? plainOf(value)),
      offset: entry.offset,
    });
  }
  return [...tags.values()];
}
