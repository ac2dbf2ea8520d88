// The environment of a function (spec/definitions.md §7.3, §12.5): variable by variable, because one whose value nobody knows is left
// out, and the others are not.
import { callOf } from '../../../definitions/evaluate/call.ts';
import type { Evaluation } from '../../../definitions/evaluate/evaluation.ts';
import { NotKnown } from '../../../definitions/scope.ts';
import type { TemplateResource } from '../../../definitions/template.ts';
import { type MapNode, type Member, memberOf, type Node } from '../../../tree/node.ts';

/** A variable that is not set. */
export interface UnknownVariable {
  /** Undefined for all of them. */
  readonly name: string | undefined;
  readonly offset: number;
  readonly why: NotKnown;
}

export interface Variables {
  /** `Environment`, evaluated; undefined where the template has none. */
  readonly environment: Node | undefined;
  readonly unknown: readonly UnknownVariable[];
}

/** Throws TemplateError. */
export function variablesOf(resource: TemplateResource, evaluation: Evaluation): Variables {
  const given = memberOf(resource.properties, 'Environment');
  const { logicalId, type } = resource;
  const where = { logicalId, type, path: `Resources.${logicalId}.Properties.Environment` };
  const unknown: UnknownVariable[] = [];
  const known = (node: Node, name: string | undefined): Node | undefined => {
    try {
      return evaluation.evaluate(node, where);
    } catch (error) {
      if (!(error instanceof NotKnown)) throw error;
      unknown.push({ name, offset: node.offset, why: error });
      return undefined;
    }
  };
  const variables = given && isData(given) ? memberOf(given, 'Variables') : undefined;
  if (given === undefined || variables === undefined || !isData(variables)) {
    return { environment: given && known(given, undefined), unknown };
  }
  const members = new Map<string, Member>();
  for (const [name, { keyOffset, value }] of variables.members) {
    const evaluated = known(value, name);
    if (evaluated !== undefined) members.set(name, { keyOffset, value: evaluated });
  }
  const withVariables = new Map(given.kind === 'map' ? given.members : []);
  withVariables.set('Variables', { keyOffset: variables.offset, value: { ...variables, members } });
  return { environment: { ...given, members: withVariables } as MapNode, unknown };
}

/** Whether a node is a map as it is written. */
function isData(node: Node): node is MapNode {
  return node.kind === 'map' && callOf(node) === undefined;
}
