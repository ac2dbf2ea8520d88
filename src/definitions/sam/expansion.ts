// What the parts of an expansion work on.
import type { Finding } from '../finding.ts';
import type { Tree, TreeMap } from './editing.ts';
import type { ParameterValues } from './parameter-values.ts';
import type { Resource } from './resource.ts';
import type { SharedUsagePlan } from './rest/usage-plan.ts';

export interface Expansion {
  /** The template's own resources by logical id. What functions add to an API's document is put in here. */
  readonly resources: TreeMap;
  readonly globals: Tree | undefined;
  /** The section `Conditions`, made when it is not there. */
  readonly conditions: () => TreeMap;
  /** The same where it is there. */
  readonly declaredConditions: () => TreeMap | undefined;
  readonly parameters: ParameterValues;
  /** `aws`, `aws-cn`, `aws-us-gov`, by the region. */
  readonly partition: string;
  readonly region: string;
  /** APIs whose document is made here: its operations may be defined once. */
  readonly managed: Set<string>;
  /** Route 53 groups of the template's APIs, by logical id: APIs in one zone share theirs. */
  readonly recordSetGroups: Map<string, Resource>;
  readonly sharedUsagePlan: SharedUsagePlan;
  /** By REST API: the names of functions whose events name it, one after the other. */
  readonly functionNames: Map<string, string>;
  readonly report: (finding: Finding) => void;
}
