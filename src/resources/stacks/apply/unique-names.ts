// Names that no two resources of an API or a domain may have. A stack may give one to another resource, and have two swap theirs,
// since nothing is met before everything is done (spec/definitions.md §11.3.4, Choice D45).
import { V2 } from '../../../definitions/type-names.ts';

export interface UniqueName {
  /** The property that has the name. */
  readonly name: string;
  /** The property that says where it is unique. */
  readonly within: string;
  /** Whether a resource that goes keeps its other references until then, so that it is only called otherwise. */
  readonly isKept?: true;
  /** A name that nobody wants, for one that is called otherwise until it is its turn; where there is none it is deleted before. */
  readonly spare?: (id: string, n: number) => unknown;
}

const spareText = (id: string): string => `postern-moves-${id}`;

const UNIQUE_NAMES = new Map<string, UniqueName>([
  [
    `${V2}Route`,
    // A key that both kinds of API have.
    { name: 'RouteKey', within: 'ApiId', spare: (id) => `GET /${spareText(id)}` },
  ],
  [`${V2}ApiMapping`, { name: 'ApiMappingKey', within: 'DomainName', spare: spareText }],
  [`${V2}RoutingRule`, { name: 'Priority', within: 'DomainNameArn', spare: (_, n) => 1_000_000 - n }],
  // Routes that are not the stack's may use it: then it cannot be deleted.
  [`${V2}Authorizer`, { name: 'Name', within: 'ApiId', isKept: true, spare: spareText }],
  [`${V2}Model`, { name: 'Name', within: 'ApiId', spare: spareText }],
  [`${V2}Stage`, { name: 'StageName', within: 'ApiId' }],
]);

export function uniqueNameOf(type: string): UniqueName | undefined {
  return UNIQUE_NAMES.get(type);
}
