// `cluster:` what several programs have in common: this machine is one of several that have the same store in PostgreSQL (docs/guide/nodes.md):
//
//   cluster:
//     secret: at least thirty-two characters
//     listen: 0.0.0.0:4702
//     address: 10.0.0.7:4702
//
// and what programs share besides, nodes or not (docs/guide/throttling.md):
//
//   cluster:
//     name: shop
//     valkey: rediss://:secret@limits.internal:6379

import type { IdentityFiles } from '../../net/tls/identity-files.ts';
import { type Address, parseAddress } from '../address.ts';
import { certificateFile } from '../certificate-file.ts';
import { ADDRESS } from '../forms.ts';
import {
  defaulted,
  filePath,
  integer,
  into,
  listOf,
  matching,
  needed,
  number,
  objectOf,
  optional,
  type Shape,
  scalarOr,
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
  /** The first is what this node calls others with, any of them what it may be called with. Empty: it has no links. */
  readonly secrets: readonly string[];
  /** Where links of others arrive; undefined: where nothing is said. */
  readonly listen: Address | undefined;
  /** What the others call; undefined: `listen`. */
  readonly address: Address | undefined;
  /** Certificates instead of a key of the secret: files, and the text of the authority. */
  readonly tls: (IdentityFiles & { readonly ca: string }) | undefined;
  readonly leaseSeconds: number;
  readonly writeWaitMillis: number;
}

export const LEAST_SECRET = 32;
export const SECRET_ADVICE = `a secret of a cluster has at least ${LEAST_SECRET} characters: \`openssl rand -hex 32\` makes one`;

const DEFAULTS: ClusterSettings = {
  name: 'postern',
  valkey: undefined,
  secrets: [],
  listen: undefined,
  address: undefined,
  tls: undefined,
  leaseSeconds: 10,
  writeWaitMillis: 1_000,
};

const MOST_LEASE_SECONDS = 300;
const MOST_WAIT_MILLIS = 30_000;

/** Its text is in no message. */
const secret: Shape<string> = into(
  text,
  (written, node) => {
    if (written.length < LEAST_SECRET) throw node.error(`is too short: ${SECRET_ADVICE}`);
    return written;
  },
  { minLength: LEAST_SECRET },
);

const address: Shape<Address> = into(
  text,
  (written, node) => {
    const found = parseAddress(written);
    if (found === undefined) throw node.error(`is ${JSON.stringify(written)}: ${ADDRESS.advice}`);
    return found;
  },
  ADDRESS.schema,
);

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
    DEFAULTS.name,
  ),
  valkey: optional(
    `Where rate limits are counted that programs share, a Valkey or Redis: ${VALKEY_ADVICE}.`,
    valkey,
  ),
  secret: optional(
    'What only the nodes know, at least 32 characters. A list while it is changed: the first is called with, any is accepted.',
    scalarOr(
      secret,
      into(
        listOf(secret),
        (list, node) => {
          if (list.length === 0) throw node.error('is an empty list');
          return list;
        },
        { minItems: 1 },
      ),
    ),
  ),
  listen: optional('Where links of other nodes arrive (127.0.0.1:4702).', address),
  address: optional('What other nodes call; `listen`, when not said.', address),
  tls: optional(
    'Certificates for links, on both sides, instead of a key of the secret.',
    objectOf({
      cert: needed('The certificate of this node and its chain, a PEM file.', filePath),
      key: needed('Its private key, a PEM file.', filePath),
      ca: needed(
        'The authority of the cluster alone, a PEM file: whoever has a certificate of it is a node.',
        certificateFile,
      ),
    }),
  ),
  leaseSeconds: defaulted(
    'How long a node may be silent before the others declare it gone.',
    number(1, MOST_LEASE_SECONDS),
    DEFAULTS.leaseSeconds,
  ),
  writeWaitMillis: defaulted(
    'How long the answer to a write waits for other nodes.',
    integer(0, MOST_WAIT_MILLIS),
    DEFAULTS.writeWaitMillis,
  ),
});

export const cluster = section<ClusterSettings>(
  'What several programs have in common.',
  into(members, ({ secret: given, ...others }) => ({
    ...others,
    secrets: given === undefined ? [] : typeof given === 'string' ? [given] : given,
  })),
  DEFAULTS,
);
