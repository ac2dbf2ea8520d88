// Macros by name (spec/definitions.md §2.3.2).
import type { Finding } from '../finding.ts';

export const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';
export const SERVERLESS = 'AWS::Serverless-2016-10-31';

const WITHOUT_EFFECT = new Set([
  'AWS::CodeDeployBlueGreen',
  'AWS::SecretsManager-2020-07-23',
  'AWS::SecretsManager-2024-09-16',
  'AWS::CodeStar',
  'AWS::ServiceCatalog',
]);
const KNOWN = new Set(['AWS::Include', LANGUAGE_EXTENSIONS, SERVERLESS, ...WITHOUT_EFFECT]);

export function isKnownMacro(name: string): boolean {
  return KNOWN.has(name);
}

export function isWithoutEffect(name: string): boolean {
  return WITHOUT_EFFECT.has(name);
}

export function withoutEffect(name: string): Finding {
  return { severity: 'note', text: `The transform ${name} has no effect here` };
}

/** Macros of an account are functions that are not here. */
export function noTransform(name: string, account: string): string {
  return `No transform named ${account}::${name} found.`;
}
