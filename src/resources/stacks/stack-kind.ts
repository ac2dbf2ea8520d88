// What a stack needs of a kind of resource that Postern has: how the properties of a template become one, and how it follows them
// (spec/definitions.md §5, §11).
import type { MemberChange } from '../../definitions/deploy-answer.ts';
import type { Finding } from '../../definitions/finding.ts';
import type { Node } from '../../tree/node.ts';
import type { Context } from '../context.ts';

/** Properties of a template, evaluated and converted (§4.6): plain data under the template's names. */
export interface Desired {
  /** `{ ApiId: 'a1b2c3d4e5', RouteKey: 'GET /pets' }` */
  readonly properties: { readonly [name: string]: unknown };
  /** Of an Api: its evaluated OpenAPI document, with its places. */
  readonly body?: Node;
  /** Tags of the stack and of CloudFormation itself (§5.1.6), for what can have tags: those of the properties go before them. */
  readonly tags?: { readonly [key: string]: string };
}

/** What a stack keeps of a resource that was made. */
export interface Made {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` gives, by name. */
  readonly attributes: { readonly [name: string]: string };
}

/** What became of a resource. */
export interface Written extends Made {
  /** Members that are different from what was there; none of what was made anew. */
  readonly members: readonly MemberChange[];
  readonly findings: readonly Finding[];
  /** Whether there was something else than the last deploy had made (§11.4.5). */
  readonly changedOutside?: boolean;
}

export interface StackKind {
  /** `AWS::ApiGatewayV2::Route` */
  readonly type: string;
  /** Names of properties that are not changed in place. */
  readonly replacing: readonly string[];
  /** Makes one. `wishedId` is the id that it should have where the service makes ids, and nobody has it yet. */
  create(context: Context, desired: Desired, wishedId: string | undefined): Promise<Written>;
  /** Makes the document what `create` would give, its id and dates kept (Choice D23). Nothing is written where nothing is different,
   *  and then there are no members. Undefined when it is not there any more. */
  update(context: Context, made: Made, before: Desired, desired: Desired): Promise<Written | undefined>;
  /** Deleting what is not there is no error. Throws what DeleteX refuses, unless `isFollowed`: then what refers to it gets another
   *  before the deploy ends (§11.3.4). */
  delete(context: Context, made: Made, desired: Desired, isFollowed?: boolean): Promise<void>;
}
