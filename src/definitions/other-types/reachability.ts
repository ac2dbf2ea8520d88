// Which resources an API of the stack depends on (spec/definitions.md §1.5.3, Choice D9).
import { FUNCTION, STACK, V2 } from '../type-names.ts';

/** As far as references go. */
export interface Referring {
  readonly logicalId: string;
  readonly type: string;
  /** Logical ids that its properties refer to, by their names. */
  readonly references: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What of a function leads on. */
const OF_FUNCTIONS: ReadonlySet<string> = new Set(['Code', 'Environment', 'Role', 'Layers']);

/** A stack in the stack may have APIs, and gets what it is given. */
export function isRoot(type: string): boolean {
  return type.startsWith(V2) || type === STACK;
}

/** The logical ids of resources that an API needs, directly or through others; `more` are needed for another reason. */
export function reachedFrom(
  resources: readonly Referring[],
  more: Iterable<string> = [],
): ReadonlySet<string> {
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const reached = new Set<string>(more);
  for (const resource of resources) if (isRoot(resource.type)) addAll(resource, reached);
  // A set goes on with what is added to it on the way.
  for (const id of reached) {
    const resource = byId.get(id);
    if (resource !== undefined) addAll(resource, reached);
  }
  return reached;
}

function addAll({ type, references }: Referring, reached: Set<string>): void {
  for (const [property, ids] of references) {
    if (type === FUNCTION && !OF_FUNCTIONS.has(property)) continue;
    for (const id of ids) reached.add(id);
  }
}
