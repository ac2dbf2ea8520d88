// `aws:` the services that may be called at AWS itself; those with an endpoint of their own need not be here
// (docs/guide/aws-services.md):
//
//   aws: [sqs, lambda]      # or all
import { type AskedServices, endpointVariable } from '../../backends/aws/reach.ts';
import { into, listOf, matching, scalarOr, section } from '../shape.ts';

export const ASKED_ADVICE = 'all, or names of services such as sqs, lambda';

/** Names with commas between them. */
const NAMES = /^\s*[A-Za-z][A-Za-z0-9_-]*\s*(?:,\s*[A-Za-z][A-Za-z0-9_-]*\s*)*$/;

const names = matching(NAMES, `is ${ASKED_ADVICE}`);
const words = scalarOr(
  into(names, (word): readonly string[] => [word]),
  listOf(names),
);

export const aws = section(
  'Services that may be called at AWS itself: all, or their names.',
  into(words, (list, node): AskedServices => {
    const asked = parseAsked(list);
    if (asked === undefined) throw node.error(`is ${ASKED_ADVICE}, not ${JSON.stringify(list.join(', '))}`);
    return asked;
  }),
  new Set(),
);

/** Undefined where a word is no name of a service. */
export function parseAsked(texts: readonly string[]): AskedServices | undefined {
  if (!texts.every((each) => NAMES.test(each))) return undefined;
  const words = texts.flatMap((text) => text.split(',')).map((word) => word.trim());
  if (words.length === 1 && words[0] === 'all') return 'all';
  return words.includes('all') ? undefined : new Set(words.map(endpointVariable));
}
