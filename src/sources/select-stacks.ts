// Which stacks of an assembly are deployed, and in which order (spec/definitions.md §9.5).
import { compileWildcard } from '../identity/wildcard.ts';
import { UsageError } from '../settings/usage-error.ts';
import type { Source, SourceStack } from './source.ts';

export interface Selection {
  /** Names of stacks, with wildcards. */
  readonly names: readonly string[];
  readonly all: boolean;
  /** Without those that they depend on. */
  readonly exclusively: boolean;
  /** `--stack-name`: one stack. */
  readonly stackName: string | undefined;
}

/** Those that others depend on come first. Throws UsageError. */
export function selectStacks(source: Source, selection: Selection): readonly SourceStack[] {
  const { stacks } = source;
  const { names, all, exclusively, stackName } = selection;
  const chosen = chosenOf(source, { names, all, stackName });
  if (exclusively) return stacks.filter((each) => chosen.has(each));
  const byId = new Map(stacks.map((each) => [each.id, each]));
  const ordered = new Set<SourceStack>();
  const visiting = new Set<SourceStack>();
  const visit = (stack: SourceStack): void => {
    if (visiting.has(stack)) return;
    visiting.add(stack);
    for (const id of stack.dependencies) visit(byId.get(id)!);
    ordered.add(stack);
  };
  for (const stack of stacks) if (chosen.has(stack)) visit(stack);
  return [...ordered];
}

function chosenOf(
  { kind, name, stacks }: Source,
  { names, all, stackName }: Omit<Selection, 'exclusively'>,
): ReadonlySet<SourceStack> {
  const [only, ...others] = stacks;
  if (kind !== 'assembly') {
    if (names.length > 0) throw new UsageError(`${name} is one stack: ${names.join(' ')} is too much.`);
    return new Set(stacks);
  }
  if (names.length > 0) {
    const matching = names.map((pattern) => [pattern, stacks.filter(matches(pattern))] as const);
    const missing = matching.filter(([, found]) => found.length === 0).map(([pattern]) => pattern);
    if (missing.length > 0) {
      throw new UsageError(`No stacks match the name(s) ${missing.join(', ')}. ${listOf(stacks)}`);
    }
    return new Set(matching.flatMap(([, found]) => found));
  }
  if (all || others.length === 0) return new Set(all ? stacks : [only!]);
  const named = stacks.filter((each) => each.stackName === stackName);
  if (named.length === 1) return new Set(named);
  throw new UsageError(
    `Since this app includes more than a single stack, specify which stacks to use (wildcards are supported) or specify \`--all\`\n${listOf(stacks)}`,
  );
}

function matches(pattern: string): (stack: SourceStack) => boolean {
  const test = compileWildcard(pattern);
  return ({ id, displayName, stackName }) => test(displayName) || test(id) || test(stackName);
}

const listOf = (stacks: readonly SourceStack[]): string =>
  `Stacks: ${stacks.map(({ displayName }) => displayName).join(' · ')}`;
