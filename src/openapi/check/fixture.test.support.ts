// Documents of the fixture of spec/openapi.md §14.

import type { MapNode } from '../../tree/node.ts';
import { readText } from '../../tree/read-text.ts';

/** A document with these members, and without those that are undefined. One member on each line. */
export function fixture(members: object): { readonly text: string; readonly root: MapNode } {
  const document = { openapi: '3.0.1', info: { title: 'T', version: '1' }, ...members };
  const text = JSON.stringify(document, undefined, 1);
  return { text, root: readText(text) as MapNode };
}

/** A path item whose operation is fine but for these members. */
export const get = (operation: object): object => ({
  get: { responses: { default: { description: 'd' } }, ...operation },
});
