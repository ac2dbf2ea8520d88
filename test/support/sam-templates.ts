// Templates of AWS SAM in tests: expanded as the product does, and made comparable with what the translator makes of them
// (spec/definitions.md §8.12.2).
import type { Finding } from '../../src/definitions/finding.ts';
import { TemplateError } from '../../src/definitions/finding.ts';
import { readTemplate } from '../../src/definitions/read-template.ts';
import { expandSam } from '../../src/definitions/sam/expand-sam.ts';
import { Sources } from '../../src/definitions/sources.ts';
import { type MapNode, memberOf, type Node, plainOf, textOf } from '../../src/tree/node.ts';

export interface Outcome {
  /** What became of the template; undefined where it is refused. */
  readonly template?: unknown;
  /** CloudFormation's text of a template that is refused, behind `failed with: `. */
  readonly errorMessage?: string;
  readonly findings: readonly Finding[];
}

export function expandText(
  text: string,
  region = 'us-east-1',
  given: Readonly<Record<string, string>> = {},
): Outcome {
  const root = readTemplate({ name: 'template.yaml', text }, new Sources());
  try {
    const { root: expanded, findings } = expandSam(root, { parameters: valuesOf(root, given), region });
    return { template: plainOf(expanded), findings };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { errorMessage: error.message.replace(/^.*? failed with: /, ''), findings: error.findings };
  }
}

/** Given values and defaults. */
function valuesOf(
  root: MapNode,
  given: Readonly<Record<string, string>>,
): Map<string, string | readonly string[]> {
  const section = memberOf(root, 'Parameters');
  const values = new Map<string, string | readonly string[]>();
  for (const [name, { value: declared }] of section?.kind === 'map' ? section.members : []) {
    const value = given[name] ?? textOf(memberOf(declared, 'Default'));
    if (value !== undefined)
      values.set(name, isListType(memberOf(declared, 'Type')) ? value.split(',') : value);
  }
  return values;
}

function isListType(type: Node | undefined): boolean {
  return /^CommaDelimitedList$|^List</.test(textOf(type) ?? '');
}

interface Resources {
  [logicalId: string]: { Type: string; Properties?: unknown; Metadata?: unknown };
}

/** Without bodies of IAM and CodeDeploy, hashes in the ids of versions, Metadata, and the order of keys. */
export function normalized(template: unknown): unknown {
  const { Resources: resources = {} } = template as { Resources?: Resources };
  const versions = Object.keys(resources).filter((id) => resources[id]!.Type === 'AWS::Lambda::Version');
  let text = JSON.stringify(template);
  for (const id of versions) text = text.replaceAll(id, id.replace(/[0-9a-f]{10}$/, ''));
  const copy = JSON.parse(text) as { Resources: Resources };
  for (const resource of Object.values(copy.Resources)) {
    delete resource.Metadata;
    if (/^AWS::(IAM|CodeDeploy)::/.test(resource.Type)) delete resource.Properties;
  }
  return sorted(copy);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]));
}

/** The same with the items of lists in an order of their own: some outputs were recorded so, and their own suite compares them so. */
export function withSortedLists(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => JSON.stringify(withSortedLists(item))).sort();
    return items.map((item): unknown => JSON.parse(item));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withSortedLists(member)]));
}

/** Whether two texts of errors have the same sentences, in whatever order. */
export function haveSameSentences(expected: string, findings: readonly Finding[]): boolean {
  let rest = expected.replace(/^.*?Number of errors found: (\d+)\. /, '');
  const count = /Number of errors found: (\d+)\./.exec(expected)?.[1];
  if (Number(count) !== findings.length) return false;
  for (const { text } of [...findings].sort((one, other) => other.text.length - one.text.length)) {
    if (!rest.includes(text)) return false;
    rest = rest.replace(text, () => '');
  }
  return rest.trim() === '';
}
