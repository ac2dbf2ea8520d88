// AWS::Lambda::Function: a document that the functions host follows (spec/definitions.md §7).

import { delimiter } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { FunctionDocument } from '../../../config/function-document.ts';
import { functionKeyOf } from '../../../config/keys.ts';
import { templateError } from '../../../definitions/finding.ts';
import { schemaOf } from '../../../definitions/schema/schemas.ts';
import { FUNCTION } from '../../../definitions/type-names.ts';
import type { LocatedCode } from '../../../functions/code/code-source.ts';
import { printFunctionArn } from '../../../grammar/function-name.ts';
import { partitionOf } from '../../../grammar/management-arn.ts';
import type { Document } from '../../../store/store.ts';
import type { Context } from '../../context.ts';
import type { FunctionProperties } from '../functions/wanted-function.ts';
import type { Desired, Made, StackKind } from '../stack-kind.ts';
import { membersBetween } from './members.ts';

export const functionKind: StackKind = {
  type: FUNCTION,
  replacing: schemaOf(FUNCTION)!.replacing,
  async create(context, desired) {
    const properties = propertiesOf(desired);
    const before = await stored(context, properties.FunctionName);
    if (before !== undefined && before.StackName !== properties.StackName) {
      throw templateError(`${properties.FunctionName} already exists in stack ${before.StackName}`);
    }
    await put(context, await documentOf(context, properties));
    return { ...madeOf(context, properties), members: [], findings: [] };
  },
  async update(context, _made, _before, desired) {
    const properties = propertiesOf(desired);
    const before = await stored(context, properties.FunctionName);
    if (before?.StackName !== properties.StackName) return undefined;
    const document = await documentOf(context, properties);
    if (!isDeepStrictEqual(before, document)) await put(context, document);
    return {
      ...madeOf(context, properties),
      members: membersBetween(shownOf(before), shownOf(document)),
      findings: [],
    };
  },
  async delete(context, { physicalId }, desired) {
    const { StackName, LogicalId } = propertiesOf(desired);
    const before = await stored(context, physicalId);
    // Another of the stack may have the name by now.
    if (before?.StackName !== StackName || before.LogicalId !== LogicalId) return;
    await context.tx.delete(functionKeyOf(context, physicalId));
  },
};

function propertiesOf({ properties }: Desired): FunctionProperties {
  return properties as unknown as FunctionProperties;
}

async function stored(context: Context, name: string): Promise<FunctionDocument | undefined> {
  return (await context.tx.get(functionKeyOf(context, name))) as unknown as FunctionDocument | undefined;
}

async function put(context: Context, document: FunctionDocument): Promise<void> {
  await context.tx.put(functionKeyOf(context, document.FunctionName), document as object as Document);
}

function madeOf({ account, region }: Context, { FunctionName: name }: FunctionProperties): Made {
  const arn = { partition: partitionOf(region), account, region, name, qualifier: undefined };
  return { physicalId: name, attributes: { Arn: printFunctionArn(arn) } };
}

async function documentOf(
  { account, region, outside }: Context,
  { Source, Environment, ...properties }: FunctionProperties,
): Promise<FunctionDocument> {
  const located = await outside?.locateCode?.(Source);
  return {
    Account: account,
    Region: region,
    ...properties,
    Environment: withLayers(Environment, located),
    ...(located?.code !== undefined && { Code: located.code }),
  };
}

/** The packages of layers come after what the function itself names. */
function withLayers(
  environment: FunctionDocument['Environment'],
  located: LocatedCode | undefined,
): FunctionDocument['Environment'] {
  if (located?.code === undefined) return environment;
  const { variable, directories } = located.layers;
  const paths = Object.values(directories);
  if (paths.length === 0) return environment;
  const own = Object.hasOwn(environment, variable) ? [environment[variable]!] : [];
  return { ...environment, [variable]: [...own, ...paths].join(delimiter) };
}

/** What a change of it is told by. */
function shownOf({ Code, Environment, Timeout, MemorySize, Concurrency }: FunctionDocument): object & {
  readonly [name: string]: unknown;
} {
  return {
    Code: Code?.TaskRoot,
    Runtime: Code?.Runtime,
    Handler: Code?.Handler,
    Environment,
    Timeout,
    MemorySize,
    ReservedConcurrentExecutions: Concurrency,
  };
}
