// One resource of a template: its attributes (spec/definitions.md §2.2.2).
import { type MapNode, type Member, memberOf, type Node } from '../tree/node.ts';
import { callOf } from './evaluate/call.ts';
import type { Evaluation } from './evaluate/evaluation.ts';
import type { Where } from './evaluate/evaluation-run.ts';
import { plainText } from './evaluate/plain-text.ts';
import { type Finding, TemplateError } from './finding.ts';
import type { TemplateResource } from './template.ts';

const READ = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
];
/** The last three are of SAM and Serverless; Description is what public templates have, and deploy with. */
const OTHERS = ['CreationPolicy', 'UpdatePolicy', 'Description', 'Version', 'Connectors', 'IgnoreGlobals'];
const ATTRIBUTES = new Set([...READ, ...OTHERS]);
const POLICIES = ['Delete', 'Retain', 'Snapshot'];
const DELETION_POLICIES = new Set([...POLICIES, 'RetainExceptOnCreate']);
const REPLACE_POLICIES = new Set(POLICIES);

/** Undefined for one that cannot be read: `findings` says why. */
export function readResource(
  logicalId: string,
  { keyOffset, value: node }: Member,
  evaluation: Evaluation,
  findings: Finding[],
): TemplateResource | undefined {
  const before = findings.length;
  const path = `Resources.${logicalId}`;
  const wrong = (text: string, offset = keyOffset, step?: string): void => {
    const place = step === undefined ? path : `${path}.${step}`;
    findings.push({ severity: 'error', text, offset, logicalId, path: place });
  };
  if (!/^[A-Za-z0-9]+$/.test(logicalId))
    wrong(`Template format error: Resource name ${logicalId} is non alphanumeric.`);
  if (node.kind !== 'map') {
    wrong(`Template format error: [/Resources/${logicalId}] resource definition is malformed`);
    return undefined;
  }
  for (const [key, { keyOffset: offset }] of node.members)
    if (!ATTRIBUTES.has(key)) wrong(`Invalid template resource property '${key}'`, offset, key);
  const type = plainText(memberOf(node, 'Type'));
  if (type === undefined)
    wrong(
      `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
    );
  const map = (key: string): MapNode | undefined => {
    const value = memberOf(node, key);
    if (value === undefined || isNull(value)) return undefined;
    if (value.kind === 'map') return value;
    wrong(`Template format error: [/Resources/${logicalId}] ${key} must be a mapping.`, value.offset, key);
    return undefined;
  };
  const text = (key: string): string | undefined =>
    givenText(node, key, evaluation, { logicalId, path }, findings);
  const policy = (key: string, allowed: ReadonlySet<string>): string | undefined => {
    const chosen = text(key);
    if (chosen === undefined || allowed.has(chosen)) return chosen;
    wrong(`Template format error: Unrecognized ${key} ${chosen} for resource ${logicalId}`, keyOffset, key);
    return undefined;
  };
  const resource: TemplateResource = {
    logicalId,
    type: type!,
    properties: map('Properties') ?? { kind: 'map', offset: node.offset, members: new Map() },
    dependsOn: dependsOn(memberOf(node, 'DependsOn'), wrong),
    condition: text('Condition'),
    deletionPolicy: policy('DeletionPolicy', DELETION_POLICIES),
    updateReplacePolicy: policy('UpdateReplacePolicy', REPLACE_POLICIES),
    metadata: map('Metadata'),
    otherAttributes: OTHERS.filter((key) => node.members.has(key)),
    offset: keyOffset,
  };
  return findings.length === before ? resource : undefined;
}

/** The text of a member, which with language extensions a function may give (§4.4.3). Undefined where there is none: `findings` says
 *  what is wrong with it. */
export function givenText(
  node: MapNode,
  key: string,
  evaluation: Evaluation,
  { logicalId, path }: Where,
  findings: Finding[],
): string | undefined {
  const value = memberOf(node, key);
  const text = plainText(value);
  if (value === undefined || text !== undefined) return text;
  const where = { logicalId, path: `${path}.${key}` };
  if (callOf(value) === undefined) {
    const wrong = `Template format error: Every ${key} member must be a string.`;
    findings.push({ severity: 'error', text: wrong, offset: value.offset, ...where });
    return undefined;
  }
  try {
    return evaluation.text(value, where);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    findings.push(...error.findings);
    return undefined;
  }
}

function dependsOn(
  node: Node | undefined,
  wrong: (text: string, offset: number, step: string) => void,
): readonly string[] {
  if (node === undefined) return [];
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => {
    const id = plainText(item);
    if (id !== undefined) return [id];
    const call = callOf(item);
    const found = call === undefined ? '' : `, and no ${call.name}`;
    wrong(
      `Template format error: DependsOn must be a string or list of strings${found}.`,
      item.offset,
      'DependsOn',
    );
    return [];
  });
}

function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}
