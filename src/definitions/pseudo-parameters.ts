// Pseudo parameters (spec/definitions.md §3.1.8).

export interface StackPlace {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly stackId: string;
}

/** By the beginning of a region's name: partition, and the end of its host names. */
const PARTITIONS: readonly (readonly [prefix: string, partition: string, suffix: string])[] = [
  ['cn-', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-', 'aws-us-gov', 'amazonaws.com'],
  ['us-iso-', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-', 'aws-iso-f', 'csp.hci.ic.gov'],
  ['eusc-', 'aws-eusc', 'amazonaws.eu'],
];

/** Values by name; `AWS::NoValue` is not among them. */
export function pseudoParameters(place: StackPlace): ReadonlyMap<string, string | readonly string[]> {
  const [, partition, suffix] = PARTITIONS.find(([prefix]) => place.region.startsWith(prefix)) ?? [
    '',
    'aws',
    'amazonaws.com',
  ];
  return new Map<string, string | readonly string[]>([
    ['AWS::AccountId', place.account],
    ['AWS::Region', place.region],
    ['AWS::Partition', partition],
    ['AWS::URLSuffix', suffix],
    ['AWS::StackName', place.stackName],
    ['AWS::StackId', place.stackId],
    ['AWS::NotificationARNs', []],
  ]);
}
