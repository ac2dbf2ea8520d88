// Pseudo parameters (spec/definitions.md §3.1.8).
import { hostSuffixOf, partitionOf } from '../grammar/management-arn.ts';

export interface StackPlace {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly stackId: string;
}

/** Values by name; `AWS::NoValue` is not among them. */
export function pseudoParameters(place: StackPlace): ReadonlyMap<string, string | readonly string[]> {
  return new Map<string, string | readonly string[]>([
    ['AWS::AccountId', place.account],
    ['AWS::Region', place.region],
    ['AWS::Partition', partitionOf(place.region)],
    ['AWS::URLSuffix', hostSuffixOf(place.region)],
    ['AWS::StackName', place.stackName],
    ['AWS::StackId', place.stackId],
    ['AWS::NotificationARNs', []],
  ]);
}
