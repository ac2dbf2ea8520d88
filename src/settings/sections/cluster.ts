// `cluster:` what several programs have in common (docs/guide/throttling.md):
//
//   cluster:
//     name: shop
//     valkey: rediss://:secret@limits.internal:6379

import {
  defaulted,
  into,
  matching,
  objectOf,
  optional,
  type Shape,
  section,
  sourceOf,
  text,
} from '../shape.ts';
import { parseValkeyUrl, VALKEY_ADVICE, VALKEY_PATTERN, type ValkeyPlace } from '../valkey-url.ts';

export interface ClusterSettings {
  /** What its programs call it. */
  readonly name: string;
  /** Where limits are counted that hold for all of them; undefined where each has its own. */
  readonly valkey: ValkeyPlace | undefined;
}

const DEFAULT_NAME = 'postern';

const valkey: Shape<ValkeyPlace> = into(
  text,
  (written, node) => {
    const place = parseValkeyUrl(written);
    if (place === undefined) throw node.error(`is ${VALKEY_ADVICE}`);
    return place;
  },
  { pattern: sourceOf(VALKEY_PATTERN) },
);

const members = objectOf({
  name: defaulted(
    'Tells programs with other limits apart that use the same Valkey.',
    matching(/^[A-Za-z0-9._-]{1,64}$/, 'is 1 to 64 letters, digits, dots, dashes and underscores'),
    DEFAULT_NAME,
  ),
  valkey: optional(
    `Where rate limits are counted that programs share, a Valkey or Redis: ${VALKEY_ADVICE}.`,
    valkey,
  ),
});

export const cluster = section<ClusterSettings>('What several programs have in common.', members, {
  name: DEFAULT_NAME,
  valkey: undefined,
});
