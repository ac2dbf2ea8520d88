// The properties of a resource that Postern makes, with all functions evaluated: a value that nobody knows is an error, and never
// made up (spec/definitions.md §6.4.2).
import type { Evaluation } from '../../../definitions/evaluate/evaluation.ts';
import { type Finding, TemplateError } from '../../../definitions/finding.ts';
import { NotKnown } from '../../../definitions/scope.ts';
import type { TemplateResource } from '../../../definitions/template.ts';
import type { MapNode, Member } from '../../../tree/node.ts';

/** Throws TemplateError with everything that is wrong. */
export function evaluatedProperties(
  { logicalId, type, properties }: TemplateResource,
  evaluation: Evaluation,
  stackName: string,
): MapNode {
  const members = new Map<string, Member>();
  const findings: Finding[] = [];
  for (const [name, { keyOffset, value }] of properties.members) {
    const path = `Resources.${logicalId}.Properties.${name}`;
    const where = { logicalId, type, path };
    try {
      const evaluated = evaluation.evaluate(value, where);
      if (evaluated !== undefined) members.set(name, { keyOffset, value: evaluated });
    } catch (error) {
      if (error instanceof TemplateError) findings.push(...error.findings);
      else if (error instanceof NotKnown) {
        const text = `${name} needs ${notKnown(error, stackName)}`;
        findings.push({ severity: 'error', text, ...where, offset: value.offset });
      } else throw error;
    }
  }
  if (findings.length > 0) throw new TemplateError(findings);
  return { ...properties, members };
}

/** `Cluster.Endpoint.Address, which is not known here: AWS::RDS::DBCluster is not part of Postern. Say it under …` */
export function notKnown(error: NotKnown, stackName: string): string {
  return `${error.what}, which is not known here${error.type === undefined ? '.' : ':'} ${whyNotKnown(error, stackName)}`;
}

/** `AWS::RDS::DBCluster is not part of Postern. Say it under …` */
export function whyNotKnown({ what, type }: NotKnown, stackName: string): string {
  if (type === undefined) {
    const section = what.includes('secretsmanager') ? 'secrets' : 'ssm';
    return `Say it under stacks.${stackName}.${section} of postern.yaml.`;
  }
  const [id, ...attribute] = what.split('.');
  const place = attribute.length === 0 ? 'ref' : `attributes.${attribute.join('.')}`;
  return `${type} is not part of Postern. Say it under stacks.${stackName}.resources.${id}.${place} of postern.yaml.`;
}
