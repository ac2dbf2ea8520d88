// A type of resource that Postern does not make, as a row of the table (spec/definitions.md §6.2).
import type { Node } from '../../tree/node.ts';
import type { Subject } from './subject.ts';

/** Follows from the resource and from its `Ref`, which settings may give (§6.5.2). Throws NotKnown. */
export type Value = (of: Subject, ref: string) => string | Node | undefined;

/** An attribute that AWS has and nobody here knows. */
export const NOT_KNOWN = null;

/** Services whose calls go where the AWS SDK's endpoint leads, by the end of its variable: `AWS_ENDPOINT_URL_SQS`. */
export type ServiceName = 'SQS' | 'SNS' | 'DYNAMODB' | 'EVENTBRIDGE' | 'KINESIS' | 'SFN' | 'APPCONFIG' | 'S3';

export type Effect =
  /** Nothing here. `why` has a line of its own in the report. */
  | { readonly kind: 'none'; readonly why?: string }
  /** What uses its name or id works: a log group, a user pool. */
  | { readonly kind: 'named' }
  /** Calls leave for the endpoint of the service. */
  | { readonly kind: 'service'; readonly service: ServiceName }
  /** Leads nowhere unless `privateTargets` names it. */
  | { readonly kind: 'privateTarget'; readonly by: 'Ref' | 'Arn' }
  /** A warning: wherever it stands, or where something that is reached uses it. */
  | { readonly kind: 'warning'; readonly when: 'always' | 'reached'; readonly text: string };

export interface OtherType {
  /** What `Ref` gives. */
  readonly ref: (of: Subject) => string;
  /** By name; `NOT_KNOWN` in place of all: each is one that nobody knows. */
  readonly attributes: { readonly [name: string]: Value | typeof NOT_KNOWN } | typeof NOT_KNOWN;
  readonly effect: Effect;
}

export type OtherTypes = { readonly [type: string]: OtherType };

/** What `Ref` gives. */
export const REF: Value = (_, ref) => ref;

export const NONE: Effect = { kind: 'none' };
