// The order in which resources of a template are made (spec/definitions.md §11.3): after what they refer to, and after what the
// service wants to be there first, whatever DependsOn says (Choice D26).

import type { TemplateResource } from '../../../definitions/template.ts';
import { V2 } from '../../../definitions/type-names.ts';
import { memberOf, type Node, textOf } from '../../../tree/node.ts';

/** What each resource comes after, by logical ids. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

const typed = (...names: readonly string[]): readonly string[] => names.map((name) => `${V2}${name}`);

/** Types that are parts of an API, and are made before it is deployed. */
export const PARTS_OF_APIS = typed(
  'Authorizer',
  'Integration',
  'IntegrationResponse',
  'Model',
  'Route',
  'RouteResponse',
  'ApiGatewayManagedOverrides',
);

interface Wait {
  readonly types: readonly string[];
  /** The property that says whose part a resource is; those of others are not waited for. */
  readonly of?: string;
}

const WAITS: ReadonlyMap<string, Wait> = new Map([
  [`${V2}Deployment`, { types: PARTS_OF_APIS, of: 'ApiId' }],
  [`${V2}Stage`, { types: PARTS_OF_APIS, of: 'ApiId' }],
  [`${V2}Route`, { types: typed('Authorizer', 'Model'), of: 'ApiId' }],
  [`${V2}RouteResponse`, { types: typed('Model'), of: 'ApiId' }],
  [`${V2}ApiMapping`, { types: typed('Stage'), of: 'ApiId' }],
  [`${V2}RoutingRule`, { types: typed('Stage') }],
]);

export interface Order {
  readonly ids: readonly string[];
  readonly after: Dependencies;
}

/** Orders resources that depend on each other in no circle; ties are in the order of the template. What only the service wants is
 *  left out where the template itself goes the other way. */
export function orderOf(
  resources: ReadonlyMap<string, TemplateResource>,
  dependencies: Dependencies,
  referencesOf: (node: Node) => Iterable<string>,
): Order {
  const graph = new Graph(dependencies);
  const parts = new Map<string, string[]>();
  const groupOf = (type: string, whose: string): string => `${type} ${whose}`;
  const whose = ({ properties }: TemplateResource, of: string | undefined): string =>
    of === undefined ? '' : nameOfParent(memberOf(properties, of), referencesOf);
  for (const resource of resources.values()) {
    for (const of of ['ApiId', undefined]) {
      const group = groupOf(resource.type, whose(resource, of));
      const ids = parts.get(group);
      if (ids === undefined) parts.set(group, [resource.logicalId]);
      else ids.push(resource.logicalId);
    }
  }
  for (const resource of resources.values()) {
    const wait = WAITS.get(resource.type);
    if (wait === undefined) continue;
    const parent = whose(resource, wait.of);
    const wanted = wait.types.flatMap((type) => parts.get(groupOf(type, parent)) ?? []);
    if (wanted.length > 0) graph.addUnlessAgainst(resource.logicalId, wanted);
  }
  return { ids: inOrder(resources.keys(), graph.after), after: graph.after };
}

/** `{Ref: Api}`, `!GetAtt Api.ApiId` and `!Sub ${Api}` are one. */
function nameOfParent(node: Node | undefined, referencesOf: (node: Node) => Iterable<string>): string {
  if (node === undefined) return '?';
  const [id] = referencesOf(node);
  return id === undefined ? `"${textOf(node) ?? ''}"` : id;
}

class Graph {
  readonly after = new Map<string, Set<string>>();
  readonly #before = new Map<string, string[]>();

  constructor(dependencies: Dependencies) {
    for (const [id, earlier] of dependencies) for (const each of earlier) this.#add(id, each);
  }

  /** Has a resource come after others, but for those that come after it already. */
  addUnlessAgainst(id: string, others: readonly string[]): void {
    const later = new Set([id]);
    for (const each of later) for (const next of this.#before.get(each) ?? []) later.add(next);
    for (const other of others) if (!later.has(other)) this.#add(id, other);
  }

  #add(id: string, earlier: string): void {
    const after = this.after.get(id) ?? new Set();
    this.after.set(id, after.add(earlier));
    const before = this.#before.get(earlier);
    if (before === undefined) this.#before.set(earlier, [id]);
    else before.push(id);
  }
}

/** Depth first, without recursion: a template may chain thousands. */
function inOrder(ids: Iterable<string>, after: Dependencies): readonly string[] {
  const ordered = new Set<string>();
  const stepInto = (id: string) => ({ id, earlier: (after.get(id) ?? new Set<string>()).values() });
  for (const first of ids) {
    const path = [stepInto(first)];
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const { done, value } = step.earlier.next();
      if (done === true) {
        ordered.add(step.id);
        path.pop();
      } else if (!ordered.has(value)) path.push(stepInto(value));
    }
  }
  return [...ordered];
}
