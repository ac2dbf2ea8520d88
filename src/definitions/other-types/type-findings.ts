// What the report says of resources that Postern does not make (spec/definitions.md §1.5.4, §6.2 to §6.4): none of them is missing.

import type { Finding } from '../finding.ts';
import { FUNCTION, REST_VPC_LINK } from '../type-names.ts';
import type { Effect, ServiceName } from './other-type.ts';
import { isRoot, type Referring } from './reachability.ts';
import { otherType } from './type-table.ts';

/** A resource of a stack, for what is said of it. */
export interface SaidResource extends Referring {
  readonly offset: number;
  /** Settings say what it is (§6.5.2). */
  readonly isElsewhere: boolean;
  /** What `Ref` or an attribute gives; undefined where nobody knows. */
  value(attribute: 'Ref' | 'Arn'): string | undefined;
  /** A property as text; undefined where there is none, or nobody knows. */
  text(property: string): string | undefined;
}

/** What postern.yaml and the environment say of the world around. */
export interface Surroundings {
  namesPrivateTarget(arn: string): boolean;
  /** Whether calls of a service lead anywhere. */
  serves(service: ServiceName): boolean;
}

export interface SaidStack {
  /** As section `stacks` of postern.yaml has it. */
  readonly name: string;
  readonly resources: readonly SaidResource[];
  /** Logical ids. */
  readonly reached: ReadonlySet<string>;
}

/** Types that Postern makes, and that others say what there is to say of. */
function isMade(type: string): boolean {
  return isRoot(type) || type === FUNCTION || type === REST_VPC_LINK;
}

export function typeFindings(stack: SaidStack, surroundings: Surroundings): readonly Finding[] {
  const findings: Finding[] = [];
  const withoutEffect: SaidResource[] = [];
  const names: SaidResource[] = [];
  const unknown: SaidResource[] = [];
  const withReason = new Map<string, SaidResource[]>();
  for (const resource of stack.resources) {
    const { type, logicalId, offset } = resource;
    const isReached = stack.reached.has(logicalId);
    if (type === REST_VPC_LINK && isReached && !resource.isElsewhere) {
      const text = linkWarning(resource, surroundings);
      if (text !== undefined) findings.push({ severity: 'warning', text, logicalId, type, offset });
    }
    if (isMade(type)) continue;
    const row = otherType(type);
    if (resource.isElsewhere) names.push(resource);
    else if (row === undefined) unknown.push(resource);
    else {
      const { effect } = row;
      const text = warningOf(resource, effect, isReached, stack.name, surroundings);
      if (text !== undefined) findings.push({ severity: 'warning', text, logicalId, type, offset });
      else if (effect.kind === 'none' && effect.why !== undefined) {
        withReason.set(effect.why, [...(withReason.get(effect.why) ?? []), resource]);
      } else if (isReached && effect.kind !== 'none') names.push(resource);
      else withoutEffect.push(resource);
    }
  }
  for (const [type, resources] of byType(unknown)) findings.push(unknownLine(type, resources, stack));
  if (names.length > 0) {
    const text =
      names.length === 1 ? '1 resource is only a name here' : `${names.length} resources are only names here`;
    findings.push(line(`${text}: ${listed(names)}`, names));
  }
  for (const [why, resources] of withReason) {
    findings.push(
      line(`${counted(resources)} without effect here, because ${why}: ${listed(resources)}`, resources),
    );
  }
  if (withoutEffect.length > 0) {
    const verb = withoutEffect.length === 1 ? 'resource has' : 'resources have';
    const text = `${withoutEffect.length} ${verb} no effect here: ${listed(withoutEffect)}`;
    findings.push(line(text, withoutEffect));
  }
  return findings;
}

/** Of a link that integrations of WebSocket APIs name, whose id is what settings say where it leads by (Choice D29). */
function linkWarning(
  { logicalId, type, value }: SaidResource,
  surroundings: Surroundings,
): string | undefined {
  const name = `vpclink/${value('Ref')}`;
  if (surroundings.namesPrivateTarget(name)) return undefined;
  return `${logicalId} (${type}) leads nowhere here: name ${name} under privateTargets of postern.yaml`;
}

/** Undefined where there is nothing to warn of. */
function warningOf(
  resource: SaidResource,
  effect: Effect,
  isReached: boolean,
  stackName: string,
  surroundings: Surroundings,
): string | undefined {
  const { logicalId, type } = resource;
  const place = `stacks.${stackName}.resources.${logicalId}`;
  switch (effect.kind) {
    case 'none':
    case 'named':
      return undefined;
    case 'warning':
      return isReached || effect.when === 'always' ? `${logicalId} (${type}): ${effect.text}` : undefined;
    case 'service':
      if (!isReached || surroundings.serves(effect.service)) return undefined;
      return `${logicalId} (${type}) is only a name here: set AWS_ENDPOINT_URL_${effect.service} where something stands for the service, or name the real one under ${place} of postern.yaml`;
    case 'privateTarget': {
      const arn = resource.value(effect.by);
      if (!isReached || (arn !== undefined && surroundings.namesPrivateTarget(arn))) return undefined;
      return `${logicalId} (${type}) leads nowhere here: name ${arn ?? 'it'} under privateTargets of postern.yaml, or the real one under ${place}`;
    }
    default:
      return effect satisfies never;
  }
}

/** A type that is in no table (§6.4.1). */
function unknownLine(type: string, resources: readonly SaidResource[], stack: SaidStack): Finding {
  const ids = new Set(resources.map(({ logicalId }) => logicalId));
  const users = stack.resources
    .filter(({ references }) => [...references.values()].some((used) => [...used].some((id) => ids.has(id))))
    .map(({ logicalId }) => logicalId);
  const used =
    users.length === 0
      ? 'nothing refers to it'
      : `${users.join(', ')} ${users.length > 1 ? 'refer' : 'refers'} to it`;
  return line(`${listed(resources)} is not part of Postern; ${used}`, resources, type);
}

function line(text: string, resources: readonly SaidResource[], type?: string): Finding {
  const [only, ...more] = resources;
  // One of many has no place of its own.
  const place =
    only === undefined || more.length > 0 ? {} : { logicalId: only.logicalId, offset: only.offset };
  return { severity: 'note', text, ...place, ...(type !== undefined && { type }) };
}

function counted({ length }: readonly SaidResource[]): string {
  return length === 1 ? '1 resource is' : `${length} resources are`;
}

/** `AWS::IAM::Role (4: A, B, C, D), AWS::Lambda::Permission (P)` */
export function listed(resources: readonly Pick<SaidResource, 'type' | 'logicalId'>[]): string {
  return [...byType(resources)]
    .map(([type, of]) => {
      const ids = of.map(({ logicalId }) => logicalId).join(', ');
      return `${type} (${of.length === 1 ? ids : `${of.length}: ${ids}`})`;
    })
    .join(', ');
}

function byType<R extends Pick<SaidResource, 'type'>>(
  resources: readonly R[],
): ReadonlyMap<string, readonly R[]> {
  const types = new Map<string, R[]>();
  for (const resource of resources) {
    const of = types.get(resource.type);
    if (of === undefined) types.set(resource.type, [resource]);
    else of.push(resource);
  }
  return types;
}
