// The sections of the configuration file that no flag or variable can express. Each is read by the file of its name in
// sections/; a reader that gets nothing returns what holds without the section.
import type { ConfigNode } from './config-node.ts';
import { readApiKeys } from './sections/api-keys.ts';
import { readAssumeRoles } from './sections/assume-roles.ts';
import { readAws } from './sections/aws.ts';
import { readCertificateAuthorities } from './sections/certificate-authorities.ts';
import { readCertificates } from './sections/certificates.ts';
import { readFunctions } from './sections/functions.ts';
import { readJwt } from './sections/jwt.ts';
import { readLambda } from './sections/lambda.ts';
import { readLogDestinations } from './sections/log-destinations.ts';
import { readPrivateTargets } from './sections/private-targets.ts';
import { readStacks } from './sections/stacks.ts';
import { readStrictIssuerCheck } from './sections/strict-issuer-check.ts';
import { readThrottling } from './sections/throttling.ts';
import { readTruststores } from './sections/truststores.ts';
import { readWebSocket } from './sections/web-socket.ts';

const readers = {
  apiKeys: readApiKeys,
  assumeRoles: readAssumeRoles,
  aws: readAws,
  functions: readFunctions,
  certificates: readCertificates,
  certificateAuthorities: readCertificateAuthorities,
  jwt: readJwt,
  lambda: readLambda,
  logDestinations: readLogDestinations,
  privateTargets: readPrivateTargets,
  stacks: readStacks,
  strictIssuerCheck: readStrictIssuerCheck,
  throttling: readThrottling,
  truststores: readTruststores,
  webSocket: readWebSocket,
} satisfies { readonly [section: string]: (node: ConfigNode | undefined) => unknown };

export type SectionName = keyof typeof readers;

export type Sections = { readonly [N in SectionName]: ReturnType<(typeof readers)[N]> };

export const SECTION_NAMES = Object.keys(readers) as readonly SectionName[];

/** Reads the sections that are there. Throws UsageError. */
export function readSections(nodes: ReadonlyMap<SectionName, ConfigNode>): Sections {
  const entries = SECTION_NAMES.map((name) => [name, readers[name](nodes.get(name))] as const);
  return Object.freeze(Object.fromEntries(entries)) as Sections;
}

/** What holds without a configuration file. */
export const NO_SECTIONS: Sections = readSections(new Map());
