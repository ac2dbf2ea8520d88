// `AWS::Serverless::SimpleTable`: a DynamoDB table of the same id (spec/definitions.md §8.1).
import { get, isTruthy, stringOf, type Tree, truthyMember } from './editing.ts';
import { type Blame, blameResource } from './invalid.ts';
import { pythonStr } from './python-text.ts';
import { type Resource, type SamResource, tagList } from './resource.ts';

const TYPES = new Map([
  ['String', 'S'],
  ['Number', 'N'],
  ['Binary', 'B'],
]);

export function expandSimpleTable({
  logicalId,
  properties,
  attributes,
  dependsOn,
  offset,
}: SamResource): Resource[] {
  const key = primaryKey(truthyMember(properties, 'PrimaryKey'), blameResource(logicalId, offset));
  const throughput = truthyMember(properties, 'ProvisionedThroughput');
  const tags = get(properties, 'Tags');
  return [
    {
      logicalId,
      type: 'AWS::DynamoDB::Table',
      attributes,
      dependsOn,
      offset,
      properties: {
        AttributeDefinitions: [{ AttributeName: key.name, AttributeType: key.type }],
        KeySchema: [{ AttributeName: key.name, KeyType: 'HASH' }],
        PointInTimeRecoverySpecification: truthyMember(properties, 'PointInTimeRecoverySpecification'),
        ProvisionedThroughput: throughput,
        BillingMode: throughput === undefined ? 'PAY_PER_REQUEST' : undefined,
        SSESpecification: truthyMember(properties, 'SSESpecification'),
        TableName: truthyMember(properties, 'TableName'),
        Tags: isTruthy(tags) ? tagList(tags) : undefined,
      },
    },
  ];
}

function primaryKey(given: Tree | undefined, blame: Blame): { name: Tree | string; type: string } {
  if (given === undefined) return { name: 'id', type: 'S' };
  const [name, type] = ['Name', 'Type'].map((member) => {
    const value = get(given, member);
    if (value === undefined) throw blame(`Property 'PrimaryKey.${member}' is required.`, given);
    return value;
  });
  const attributeType = TYPES.get(stringOf(type) ?? '');
  if (attributeType === undefined) throw blame(`Invalid 'Type' "${pythonStr(type)}".`, type);
  return { name: name!, type: attributeType };
}
