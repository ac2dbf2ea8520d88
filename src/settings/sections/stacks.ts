// `stacks:` what stands in for the rest of the world in stacks (spec/definitions.md §6.5, docs/reference/settings.md):
//
//   stacks:
//     pets:
//       parameters: { Stage: dev }
//       resources:
//         Pool:    { ref: eu-west-1_AbCdEfGhI }
//         Cluster: { attributes: { Endpoint.Address: db.internal } }
//       functions:  { Resize: { file: target/lambda/resize } }
//       exports:    { network-VpcId: vpc-0a1b2c }
//       ssm:        { /shop/stage: dev }
//       secrets:    { shop/db: { username: a, password: b } }
//       s3:         { "s3://artifacts/shop/": ./build/ }
//     "*": { ssm: { /shop/stage: dev } }
import { EVERY_STACK, type StackSettings, type StandIn } from '../../definitions/stack-settings.ts';
import type { StandInFunction } from '../../functions/settings.ts';
import type { ConfigNode } from '../config-node.ts';
import { readStandIn } from './functions.ts';

/** By the stack's name, or `*`. */
export type StacksSection = ReadonlyMap<string, StackSettings<StandInFunction>>;

/** Throws UsageError. */
export function readStacks(node: ConfigNode | undefined): StacksSection {
  return new Map((node?.entries() ?? []).map(([name, each]) => [name, readStack(name, each)]));
}

const MEMBERS = ['parameters', 'resources', 'functions', 'exports', 'ssm', 'secrets', 's3'] as const;

function readStack(name: string, node: ConfigNode): StackSettings<StandInFunction> {
  if (name !== EVERY_STACK && !/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw node.error(
      'is named as no stack can be: a letter, then letters, digits and -, 128 at most; or "*" for all',
    );
  }
  const members = node.members(MEMBERS);
  return {
    parameters: readTexts(members.get('parameters')),
    resources: mapOf(members.get('resources'), readResource),
    functions: mapOf(members.get('functions'), readFunction),
    exports: readTexts(members.get('exports')),
    ssm: readTexts(members.get('ssm')),
    secrets: mapOf(members.get('secrets'), (_, each) => secretText(each)),
    s3: mapOf(members.get('s3'), readObjects),
  };
}

function mapOf<T>(
  node: ConfigNode | undefined,
  read: (name: string, node: ConfigNode) => T,
): ReadonlyMap<string, T> {
  return new Map((node?.entries() ?? []).map(([name, each]) => [name, read(name, each)]));
}

function readTexts(node: ConfigNode | undefined): ReadonlyMap<string, string> {
  return mapOf(node, (_, each) => each.text());
}

function readResource(logicalId: string, node: ConfigNode): StandIn {
  checkLogicalId(logicalId, node);
  const members = node.members(['ref', 'attributes']);
  if (members.size === 0) throw node.error('needs ref, attributes, or both');
  return { ref: members.get('ref')?.text(), attributes: readTexts(members.get('attributes')) };
}

function readFunction(logicalId: string, node: ConfigNode): StandInFunction {
  checkLogicalId(logicalId, node);
  return readStandIn(node);
}

function checkLogicalId(logicalId: string, node: ConfigNode): void {
  if (/^[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*$/.test(logicalId)) return;
  throw node.error(
    'is named by no logical id: letters and digits, with Parent.Child for one of a nested stack',
  );
}

/** What SecretString is: text as it is, everything else as JSON, whose scalars are text. */
function secretText(node: ConfigNode): string {
  return node.isScalar ? node.text() : JSON.stringify(jsonOf(node));
}

function jsonOf(node: ConfigNode): unknown {
  if (node.isScalar) return node.text();
  if (node.isList) return node.items().map(jsonOf);
  return Object.fromEntries(node.entries().map(([name, each]) => [name, jsonOf(each)]));
}

function readObjects(url: string, node: ConfigNode): string {
  if (!/^s3:\/\/[^/]+(?:\/|$)/.test(url)) {
    throw node.error('is named by no s3://bucket/prefix');
  }
  return node.filePath();
}
