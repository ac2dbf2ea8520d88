// Who answers for functions (spec/definitions.md §7.1.2): code that settings name for one of a stack, functions of settings, and the
// code of stacks.
import type { FunctionDocument } from '../config/function-document.ts';
import { settingsOfStack } from '../definitions/stack-settings.ts';
import type { FunctionLists } from '../functions/local-functions.ts';
import { DEFAULT_LIMITS, type FunctionCode, type FunctionSettings } from '../functions/settings.ts';
import { printFunctionArn } from '../grammar/function-name.ts';
import { partitionOf } from '../grammar/management-arn.ts';
import type { Sections } from '../settings/sections.ts';

export function functionLists(
  { functions, stacks }: Pick<Sections, 'functions' | 'stacks'>,
  ofStacks: readonly FunctionDocument[],
): FunctionLists {
  const standIns: FunctionSettings[] = [];
  const deployed: FunctionSettings[] = [];
  for (const document of ofStacks) {
    const { StackName, LogicalId, Environment } = document;
    const standIn = settingsOfStack(stacks, StackName).functions.get(LogicalId);
    const own = { ...DEFAULT_LIMITS, ...limitsOf(document), key: arnOf(document), environment: Environment };
    if (standIn !== undefined) {
      standIns.push({ ...own, ...standIn, environment: { ...Environment, ...standIn.environment } });
    } else if (document.Code !== undefined) deployed.push({ ...own, ...codeOf(document.Code) });
  }
  const taken = new Set(standIns.map(({ key }) => key));
  return { configured: [...functions.filter(({ key }) => !taken.has(key)), ...standIns], deployed };
}

function arnOf({ Account: account, Region: region, FunctionName: name }: FunctionDocument): string {
  return printFunctionArn({ partition: partitionOf(region), region, account, name, qualifier: undefined });
}

function limitsOf({ Timeout, MemorySize, Concurrency }: FunctionDocument): Partial<FunctionSettings> {
  return {
    ...(Timeout !== undefined && { timeout: Timeout }),
    ...(MemorySize !== undefined && { memory: MemorySize }),
    ...(Concurrency !== undefined && { concurrency: Concurrency }),
  };
}

function codeOf({
  Runtime,
  File,
  Export,
  Handler,
  TaskRoot,
  Watch,
}: NonNullable<FunctionDocument['Code']>): FunctionCode {
  return {
    runtime: Runtime,
    file: File,
    exported: Export,
    handler: Handler,
    taskRoot: TaskRoot,
    watch: Watch,
  };
}
