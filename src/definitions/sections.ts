// The sections of a template whose macros are done (spec/definitions.md §2.2).
import { type MapNode, memberOf, type Node } from '../tree/node.ts';
import type { Evaluation } from './evaluate/evaluation.ts';
import { plainText } from './evaluate/plain-text.ts';
import { type Finding, TemplateError } from './finding.ts';
import { givenText, readResource } from './read-resource.ts';
import type { Template, TemplateOutput, TemplateResource } from './template.ts';

const VERSION = '2010-09-09';
const SECTIONS = new Set([
  ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Mappings'],
  ...['Conditions', 'Transform', 'Resources', 'Outputs', 'Hooks'],
]);
const OUTPUT_MEMBERS = new Set(['Value', 'Description', 'Export', 'Condition']);

/** What AWS allows is 500. */
const MAX_RESOURCES = 5_000;

/** Errors of the top level (§2.2.1); `Globals` is part of it with the SAM transform. */
export function wrongTopLevel(root: MapNode, hasGlobals: boolean): readonly Finding[] {
  const findings: Finding[] = [];
  const error = (text: string, offset: number, path?: string): void => {
    findings.push({ severity: 'error', text, offset, path });
  };
  const strange = [...root.members].filter(
    ([key]) => !SECTIONS.has(key) && !(hasGlobals && key === 'Globals'),
  );
  if (strange.length > 0) {
    const keys = strange.map(([key]) => key).join(', ');
    error(`Invalid template property or properties [${keys}]`, strange[0]![1].keyOffset, strange[0]![0]);
  }
  const version = memberOf(root, 'AWSTemplateFormatVersion');
  const versionText = plainText(version);
  if (version !== undefined && versionText !== VERSION)
    error(
      `Template format error: ${versionText ?? 'this'} is not a supported value for AWSTemplateFormatVersion.`,
      version.offset,
      'AWSTemplateFormatVersion',
    );
  const description = memberOf(root, 'Description');
  if (description !== undefined && plainText(description) === undefined)
    error('Template format error: Description must be a string.', description.offset, 'Description');
  for (const name of ['Parameters', 'Rules', 'Mappings', 'Conditions', 'Resources', 'Outputs', 'Hooks']) {
    const section = memberOf(root, name);
    if (section !== undefined && section.kind !== 'map')
      error(`Template format error: [/${name}] must be a mapping.`, section.offset, name);
  }
  const resources = memberOf(root, 'Resources');
  if (resources === undefined || (resources.kind === 'map' && resources.members.size === 0))
    error(
      'Template format error: At least one Resources member must be defined.',
      (resources ?? root).offset,
      'Resources',
    );
  return findings;
}

/** The members of a section that are maps, by name. */
export function mapsIn(root: MapNode, section: string): ReadonlyMap<string, MapNode> {
  const maps = new Map<string, MapNode>();
  for (const [name, { value }] of membersOf(root, section)) if (value.kind === 'map') maps.set(name, value);
  return maps;
}

/** The members of a section, by name. */
export function nodesIn(root: MapNode, section: string): ReadonlyMap<string, Node> {
  return new Map(Array.from(membersOf(root, section), ([name, { value }]) => [name, value]));
}

/** Throws TemplateError with everything that is wrong in resources and outputs. */
export function readSections(
  root: MapNode,
  declared: Pick<Template, 'parameters' | 'mappings' | 'conditions'>,
  evaluation: Evaluation,
): Template {
  const findings: Finding[] = [];
  const resources = new Map<string, TemplateResource>();
  const members = membersOf(root, 'Resources');
  if (members.size > MAX_RESOURCES)
    findings.push({
      severity: 'error',
      text: `Template format error: Number of resources, ${members.size}, is greater than maximum allowed, ${MAX_RESOURCES}`,
      path: 'Resources',
    });
  for (const [id, member] of members) {
    const resource = readResource(id, member, evaluation, findings);
    if (resource !== undefined) resources.set(id, resource);
  }
  const outputs = readOutputs(root, evaluation, findings);
  if (findings.length > 0) throw new TemplateError(findings);
  return {
    description: plainText(memberOf(root, 'Description')),
    metadata: memberOf(root, 'Metadata'),
    rules: mapsIn(root, 'Rules'),
    ...declared,
    resources,
    outputs,
  };
}

function readOutputs(
  root: MapNode,
  evaluation: Evaluation,
  findings: Finding[],
): ReadonlyMap<string, TemplateOutput> {
  const outputs = new Map<string, TemplateOutput>();
  for (const [name, { keyOffset, value: node }] of membersOf(root, 'Outputs')) {
    const value = memberOf(node, 'Value');
    const text = wrongOutput(name, node);
    if (text !== undefined || value === undefined) {
      findings.push({ severity: 'error', text: text!, offset: keyOffset, path: `Outputs.${name}` });
      continue;
    }
    outputs.set(name, {
      name,
      value,
      description: memberOf(node, 'Description'),
      exportName: memberOf(memberOf(node, 'Export'), 'Name'),
      condition: givenText(node as MapNode, 'Condition', evaluation, { path: `Outputs.${name}` }, findings),
      offset: keyOffset,
    });
  }
  return outputs;
}

function wrongOutput(name: string, node: Node): string | undefined {
  if (!/^[A-Za-z0-9]+$/.test(name)) return `Template format error: Output name ${name} is non alphanumeric.`;
  if (node.kind !== 'map') return `Template format error: [/Outputs/${name}] must be a mapping.`;
  const strange = [...node.members.keys()].find((key) => !OUTPUT_MEMBERS.has(key));
  if (strange !== undefined) return `Invalid template output property '${strange}'`;
  if (!node.members.has('Value'))
    return `Template format error: [/Outputs/${name}] Every Outputs member must contain a Value object`;
  if (node.members.has('Export') && memberOf(memberOf(node, 'Export'), 'Name') === undefined)
    return `Template format error: [/Outputs/${name}/Export] must have a Name`;
  return undefined;
}

function membersOf(root: MapNode, section: string): MapNode['members'] {
  const node = memberOf(root, section);
  return node?.kind === 'map' ? node.members : new Map();
}
