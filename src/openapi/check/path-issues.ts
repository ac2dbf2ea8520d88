// What may be wrong with the key of a path (spec/openapi.md §5.4, §6.1).

import { type MapNode, memberOf, type Node, textOf } from '../../tree/node.ts';

/** The members of a path item that are operations, any-methods apart. */
export const PLAIN_METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/**
 * The issues of a path, without what stands in front of every issue. A variable that no plain operation needs is none: an
 * any-method is an extension, which nobody checks (spec/openapi.md §5.4, statement 4). One line for each name, whatever the
 * number of operations.
 */
export function* issuesOfPath(path: string, item: MapNode): Iterable<string> {
  if (!path.startsWith('/')) yield `paths. Resource ${path} should start with /`;
  for (const name of undeclaredVariables(path, item))
    yield `paths.'${path}'. Declared path parameter ${name} needs to be defined as a path parameter in path or operation level`;
}

/** The names in braces that lack a parameter in an operation and in the item: `petId`, `proxy+`. */
function undeclaredVariables(path: string, item: MapNode): readonly string[] {
  const names = new Set(Array.from(path.matchAll(/(?<=\/)\{([^{}/]+)\}(?=\/|$)/g), ([, name]) => name!));
  if (names.size === 0) return [];
  const ofItem = declaredIn(item);
  const ofOperations = PLAIN_METHODS.flatMap((method) => {
    const operation = memberOf(item, method);
    return operation?.kind === 'map' ? [declaredIn(operation)] : [];
  });
  return [...names].filter(
    (name) => !ofItem.declares(name) && ofOperations.some((operation) => !operation.declares(name)),
  );
}

/** `declares` takes a name as it stands in braces: `{p+}` is declared as `p+` and as `p` (Choice O30). */
interface Declared {
  declares(name: string): boolean;
}

/** A reference counts for every name, as it does in the parser whose texts these are: it may lead to any of them. */
function declaredIn(owner: MapNode): Declared {
  const parameters = memberOf(owner, 'parameters');
  const items = parameters?.kind === 'list' ? parameters.items : [];
  if (items.some((item) => memberOf(item, '$ref') !== undefined)) return { declares: () => true };
  const names = new Set(items.filter((item) => textOf(memberOf(item, 'in')) === 'path').map(nameOf));
  return { declares: (name) => names.has(name) || (name.endsWith('+') && names.has(name.slice(0, -1))) };
}

const nameOf = (parameter: Node): string | undefined => textOf(memberOf(parameter, 'name'));
