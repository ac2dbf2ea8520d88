// `aws:` the services that may be called at AWS itself; those with an endpoint of their own need not be here
// (docs/guide/aws-services.md):
//
//   aws: [sqs, lambda]      # or all
import { type AskedServices, endpointVariable } from '../../backends/aws/reach.ts';
import type { ConfigNode } from '../config-node.ts';

export function readAws(node: ConfigNode | undefined): AskedServices {
  if (node === undefined) return new Set();
  const words = node.isList ? node.items().map((item) => item.text()) : [node.text()];
  const asked = parseAsked(words);
  if (asked === undefined) throw node.error(`is ${ASKED_ADVICE}, not ${JSON.stringify(words.join(', '))}`);
  return asked;
}

export const ASKED_ADVICE = 'all, or names of services such as sqs, lambda';

/** Undefined where a word is no name of a service. */
export function parseAsked(texts: readonly string[]): AskedServices | undefined {
  const words = texts.flatMap((text) => text.split(',')).map((word) => word.trim());
  if (words.length === 1 && words[0] === 'all') return 'all';
  if (words.some((word) => word === 'all' || !/^[A-Za-z][A-Za-z0-9_-]*$/.test(word))) return undefined;
  return new Set(words.map(endpointVariable));
}
