// Resources of a template that are elsewhere in this installation: looked up by the `ref` that postern.yaml gives them, and left as
// they are (spec/definitions.md §6.5.2).

import type { Evaluation } from '../../../definitions/evaluate/evaluation.ts';
import { templateError } from '../../../definitions/finding.ts';
import type { StandIn } from '../../../definitions/stack-settings.ts';
import type { TemplateResource } from '../../../definitions/template.ts';
import { API, STAGE, V2 } from '../../../definitions/type-names.ts';
import { partitionOf, printExecutionArn } from '../../../grammar/management-arn.ts';
import { ServiceError } from '../../../wire/errors.ts';
import { type OperationName, operationNamed } from '../../../wire/operation.ts';
import { requirePath } from '../../resource-path.ts';
import type { Deployment } from '../deployment.ts';
import type { LoadedStack } from '../load-stack.ts';
import type { StackResourceDocument } from '../stored/stack-document.ts';

/** Throws TemplateError where there is none of that `ref`. */
export async function standInFor(
  { logicalId, type, properties, offset }: TemplateResource,
  { ref, attributes }: StandIn,
  evaluation: Evaluation,
  deployment: Deployment,
  { source }: LoadedStack,
): Promise<StackResourceDocument> {
  const { context, findings } = deployment;
  const place = { logicalId: source.prefix + logicalId, type, offset };
  const physicalId = ref!;
  const operation = operationNamed(`Get${type.slice(V2.length)}` as OperationName);
  const idLabel = operation.labels.at(-1)!;
  const input: Record<string, string> = {};
  for (const label of operation.labels) {
    const node = properties.members.get(label)?.value;
    input[label] = label === idLabel ? physicalId : ((node && evaluation.text(node, { logicalId })) ?? '');
  }
  const found = await requirePath(operation.name, input, context).catch((error: unknown) => {
    if (!(error instanceof ServiceError)) throw error;
    const where = `stacks.${source.name}.resources.${source.prefix}${logicalId}`;
    throw templateError(`${where}.ref of postern.yaml is ${physicalId}: ${error.message}`, place);
  });
  const text = `${logicalId} is ${physicalId}, as postern.yaml says: its properties are not applied`;
  findings.push({ severity: 'note', text, ...place });
  return {
    LogicalId: logicalId,
    Type: type,
    PhysicalId: physicalId,
    Attributes: {
      ...(type === STAGE ? {} : { [idLabel]: physicalId }),
      ...(type === API && attributesOfApi(deployment, physicalId, String(found.at(-1)!.ProtocolType))),
      ...Object.fromEntries(attributes),
    },
    Properties: input,
    IsElsewhere: true,
    Replaced: 0,
  };
}

function attributesOfApi(
  { context }: Deployment,
  apiId: string,
  protocolType: string,
): { [name: string]: string } {
  const { region, account } = context;
  return {
    ApiEndpoint: context.endpoint(apiId, protocolType),
    ExecuteApiArn: printExecutionArn({ partition: partitionOf(region), region, account, apiId, path: '' }),
  };
}
