// What functions of a template find their values in (spec/definitions.md §4).
import type { Node } from '../tree/node.ts';
import type { Finding } from './finding.ts';

/** A value that nobody here knows (§6.4.2). Whoever evaluates says what follows from it: an error, a warning or nothing. */
export class NotKnown extends Error {
  /** `Cluster.Endpoint.Address` of a resource, or what else it is: `SSM parameter /a`. */
  readonly what: string;
  /** Of the resource. */
  readonly type: string | undefined;
  /** Where it is needed: said by whoever evaluates. */
  place: Pick<Finding, 'offset' | 'logicalId' | 'path'> | undefined;

  constructor(what: string, type?: string) {
    super(`${what} is not known here`);
    this.what = what;
    this.type = type;
  }
}

/** What `Ref` and `Fn::GetAtt` of one resource give. Values are text, or a tree where a resource has lists. */
export interface ResourceValues {
  readonly type: string;
  /** Throws NotKnown. */
  ref(): string;
  /** Throws NotKnown; undefined for an attribute that the type does not have. */
  attribute(name: string): string | Node | undefined;
}

export interface EvaluationScope {
  /** Values of parameters and pseudo parameters: text or lists of text; `AWS::NoValue` is not among them. */
  readonly parameters: ReadonlyMap<string, string | readonly string[]>;
  /** Undefined for what the template does not have, or whose condition is false. */
  resource(logicalId: string): ResourceValues | undefined;
  /** The value of an export of the account and region. */
  exported(name: string): string | undefined;
  /** What stands behind `{{resolve:…}}`: undefined where nobody here knows. */
  resolved(reference: DynamicReference): string | undefined;
}

/** §4.3. */
export interface DynamicReference {
  readonly service: 'ssm' | 'ssm-secure' | 'secretsmanager';
  readonly name: string;
  /** The key in a secret's JSON. */
  readonly jsonKey: string | undefined;
  /** As written, without the braces. */
  readonly text: string;
}
