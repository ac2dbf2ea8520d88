// A SOURCE with what was said beside it, as requests to a server: one for each stack, in the order of deploying.
import type { DeployRequest, StackPlace } from '../definitions/deploy-request.ts';
import { UsageError } from '../settings/usage-error.ts';
import { findSource } from './find-source.ts';
import { readSamConfig, type SamConfig } from './sam-config.ts';
import { type Selection, selectStacks } from './select-stacks.ts';
import type { PackageOptions } from './serverless-package.ts';
import type { Source, SourceStack } from './source.ts';
import { requireStackName } from './stack-name.ts';
import { readVariables } from './variables-file.ts';
import { PARAMETERS, pairsOf, pairsOfText, TAGS } from './words.ts';

/** What may be said beside a SOURCE (spec/definitions.md §1.2). Nothing is what is usual. */
export interface DefinitionOptions extends Partial<Selection>, PackageOptions {
  readonly source?: string | undefined;
  /** Where relative paths start. */
  readonly cwd: string;
  /** Words of `--parameter-overrides`. */
  readonly parameterOverrides?: readonly string[];
  /** Words of `--parameters [STACK:]K=V`. */
  readonly parameters?: readonly string[];
  /** Words of `--tags`. */
  readonly tags?: readonly string[];
  /** Where stacks are that do not say so themselves. */
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** A file as `sam local` has it. */
  readonly variablesFile?: string | undefined;
  readonly samConfigFile?: string | undefined;
  readonly samConfigEnvironment?: string | undefined;
}

/** What a server is asked, and where the stack is to be. */
export interface StackRequest extends StackPlace {
  readonly request: DeployRequest;
}

/** Throws UsageError and SourceError. */
export async function readStackRequests(options: DefinitionOptions): Promise<readonly StackRequest[]> {
  const { cwd, parameterOverrides = [], tags = [], variablesFile } = options;
  const { names = [], all = false, exclusively = false, stackName } = options;
  const source = await findSource(options.source, cwd, options);
  const stacks = selectStacks(source, { names, all, exclusively, stackName });
  const isNamed = stacks.some((each) => each.stackName === stackName);
  if (stackName !== undefined && stacks.length > 1 && !isNamed) {
    throw new UsageError(`--stack-name is the name of one stack, and these are ${stacks.length}.`);
  }
  const shared = {
    source,
    overrides: await pairsOf(parameterOverrides, PARAMETERS, cwd),
    tags: await pairsOf(tags, TAGS, cwd),
    ...(variablesFile === undefined ? {} : { variables: await readVariables(variablesFile, cwd) }),
  };
  const own = stacks.length === 1 ? options : { ...options, stackName: undefined };
  return Promise.all(stacks.map((stack) => requestOf(stack, shared, own)));
}

interface Shared {
  readonly source: Source;
  readonly overrides: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly variables?: NonNullable<DeployRequest['variables']>;
}

async function requestOf(
  stack: SourceStack,
  { source, overrides, tags, variables }: Shared,
  options: DefinitionOptions,
): Promise<StackRequest> {
  const content = await stack.read();
  const config = await configOf(stack, options);
  const stackName = nameFor(stack, source, config, options.stackName);
  requireStackName(stackName);
  const request: DeployRequest = {
    stackName,
    template: content.template,
    directory: content.directory,
    files: content.files,
    assets: content.assets,
    parameters: { ...parametersFor(stack, options.parameters ?? []), ...overrides },
    defaults: { ...content.parameters, ...config.parameters },
    tags: { ...content.tags, ...config.tags, ...tags },
    source: source.name,
    ...(variables === undefined ? {} : { variables }),
    ...(stack.terminationProtection ? { terminationProtection: true } : {}),
  };
  const { account, region } = options;
  return {
    request,
    account: stack.account ?? account,
    region: stack.region ?? region ?? config.region,
  };
}

/** Of templates and documents; other sources say all themselves. */
async function configOf({ project }: SourceStack, options: DefinitionOptions): Promise<SamConfig> {
  const { samConfigFile: file, samConfigEnvironment: environment, cwd } = options;
  if (project === undefined && file === undefined) return { parameters: {}, tags: {} };
  return readSamConfig({ directory: project ?? cwd, file, environment, cwd });
}

/** The first that is there (§1.1.2). */
function nameFor(stack: SourceStack, { kind }: Source, config: SamConfig, given: string | undefined): string {
  const saysItself = kind === 'assembly' || kind === 'package';
  return given ?? (saysItself ? undefined : config.stackName) ?? stack.stackName;
}

/** `STACK:K=V` is for one, `K=V` for all. */
function parametersFor(
  { id, displayName, stackName }: SourceStack,
  words: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.flatMap((word) => {
      const [, of, pair] = /^([^:=]+):([^=]+=.*)$/s.exec(word) ?? [];
      if (of !== undefined && ![id, displayName, stackName].includes(of)) return [];
      return pairsOfText(pair ?? word, { ...PARAMETERS, option: '--parameters' });
    }),
  );
}
