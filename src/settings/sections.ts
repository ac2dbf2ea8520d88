// The sections of the configuration file that no flag or variable can express. Each is described by the file of its name in
// sections/, with what holds without it.
import { apiKeys } from './sections/api-keys.ts';
import { assumeRoles } from './sections/assume-roles.ts';
import { aws } from './sections/aws.ts';
import { certificateAuthorities } from './sections/certificate-authorities.ts';
import { certificates } from './sections/certificates.ts';
import { cluster } from './sections/cluster.ts';
import { functions } from './sections/functions.ts';
import { jwt } from './sections/jwt.ts';
import { lambda } from './sections/lambda.ts';
import { liveRequestsMask } from './sections/live-requests-mask.ts';
import { logDestinations } from './sections/log-destinations.ts';
import { privateTargets } from './sections/private-targets.ts';
import { stacks } from './sections/stacks.ts';
import { strictIssuerCheck } from './sections/strict-issuer-check.ts';
import { throttling } from './sections/throttling.ts';
import { traces } from './sections/traces.ts';
import { truststores } from './sections/truststores.ts';
import { webSocket } from './sections/web-socket.ts';
import type { Members, ReadOf } from './shape.ts';

export const SECTIONS = {
  apiKeys,
  assumeRoles,
  aws,
  functions,
  certificates,
  certificateAuthorities,
  cluster,
  jwt,
  lambda,
  liveRequestsMask,
  logDestinations,
  privateTargets,
  stacks,
  strictIssuerCheck,
  throttling,
  traces,
  truststores,
  webSocket,
} satisfies Members;

export type SectionName = keyof typeof SECTIONS;

export type Sections = ReadOf<typeof SECTIONS>;

/** What holds without a configuration file. */
export const NO_SECTIONS: Sections = sectionsOf((name) => SECTIONS[name].read(undefined));

/** The sections by their names. */
export function sectionsOf(read: (name: SectionName) => unknown): Sections {
  const names = Object.keys(SECTIONS) as SectionName[];
  return Object.freeze(Object.fromEntries(names.map((name) => [name, read(name)]))) as Sections;
}
