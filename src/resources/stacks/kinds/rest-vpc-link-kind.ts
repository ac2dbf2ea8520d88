// AWS::ApiGateway::VpcLink, the link of REST APIs that integrations of WebSocket APIs name (spec/definitions.md §6.2, Choice D29): made as
// a link of the other kind, which leads wherever `privateTargets` of postern.yaml says.

import type { Finding } from '../../../definitions/finding.ts';
import { REST_VPC_LINK } from '../../../definitions/type-names.ts';
import { vpcLinks } from '../../vpc-link/vpc-link.ts';
import type { Desired, StackKind } from '../stack-kind.ts';
import { resourceKind } from './resource-kind.ts';

const STAND_IN_SUBNET = 'subnet-00000000000000000';

const link = resourceKind(REST_VPC_LINK, vpcLinks, {
  idMember: 'VpcLinkId',
  isTagged: true,
  given: ({ Name, Tags }) => ({ Name, SubnetIds: [STAND_IN_SUBNET], Tags: tagsIn(Tags) }),
  own: ['CreatedDate'],
});

export const restVpcLinkKind: StackKind = {
  ...link,
  async create(context, desired, wishedId) {
    const written = await link.create(context, desired, wishedId);
    return { ...written, findings: findingsOf(desired) };
  },
  async update(context, made, before, desired) {
    const written = await link.update(context, made, before, desired);
    return written && { ...written, findings: findingsOf(desired) };
  },
};

function tagsIn(list: unknown): { readonly [key: string]: string } {
  const tags = (list ?? []) as readonly { readonly Key: string; readonly Value: string }[];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

function findingsOf({ properties }: Desired): readonly Finding[] {
  if (properties.Description === undefined) return [];
  return [{ severity: 'note', text: 'Description has no effect here: links of WebSocket APIs have none.' }];
}
