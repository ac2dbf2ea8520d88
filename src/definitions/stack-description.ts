// What a server says of the stacks that it has (spec/definitions.md §1.1.4).
import type { DeployReport, OutputValue } from './deploy-answer.ts';

export interface StackSummary {
  readonly name: string;
  /** Its ARN. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** `CREATE_COMPLETE` */
  readonly state: string;
  /** As whoever deployed it named it: `template.yaml`. */
  readonly source: string;
  /** The stack that it is part of. */
  readonly parent?: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface StackDescription extends StackSummary {
  /** In the order in which they were made. */
  readonly resources: readonly {
    readonly logicalId: string;
    readonly type: string;
    readonly physicalId: string;
  }[];
  readonly outputs: { readonly [name: string]: OutputValue };
  /** Of the last deploy. */
  readonly report?: DeployReport | undefined;
}
