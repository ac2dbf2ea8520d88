// What a template says of resources that has no effect here (spec/definitions.md §11.5).
import type { TemplateResource } from '../../../definitions/template.ts';
import type { Deployment } from '../deployment.ts';

const WITHOUT_EFFECT = ['CreationPolicy', 'UpdatePolicy'];

export function otherPolicies(resource: TemplateResource, prefix: string, { findings }: Deployment): void {
  const { type, otherAttributes, deletionPolicy, updateReplacePolicy, offset } = resource;
  const logicalId = prefix + resource.logicalId;
  const note = (text: string): void => {
    findings.push({ severity: 'note', text, logicalId, type, offset });
  };
  for (const name of otherAttributes) if (WITHOUT_EFFECT.includes(name)) note(`${name} has no effect here`);
  if (deletionPolicy === 'Snapshot' || updateReplacePolicy === 'Snapshot') {
    note('There are no snapshots here: Snapshot is as Delete');
  }
}
