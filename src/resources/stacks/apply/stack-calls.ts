// Which operations of the management API a change of a stack's resource stands for: whoever deploys needs the permission for each
// (spec/definitions.md §1.1.3, Choice D4).
import { V2 } from '../../../definitions/type-names.ts';
import { type OperationName, operationNamed } from '../../../wire/operation.ts';
import type { AnyInput } from '../../../wire/parse.ts';

/** Throws the AccessDeniedException of who may not make a call. Stacks have actions of CloudFormation, with the name as `StackName`. */
export type Allow = (operation: OperationName | StackAction, input: AnyInput) => void;

export type StackAction = 'CreateStack' | 'UpdateStack' | 'DeleteStack';

/** A resource as far as paths of operations name it. */
export interface CalledFor {
  readonly type: string;
  readonly properties: { readonly [name: string]: unknown };
  /** Empty for one that is to be made. */
  readonly attributes: { readonly [name: string]: string };
  readonly hasBody: boolean;
}

export function requireAllowed(
  allow: Allow | undefined,
  write: 'Create' | 'Update' | 'Delete',
  resource: CalledFor,
): void {
  if (allow === undefined || !resource.type.startsWith(V2)) return;
  for (const operation of operationsFor(write, resource)) {
    const labels = operationNamed(operation).labels.map((label) => [label, labelOf(label, resource)]);
    allow(operation, Object.fromEntries(labels));
  }
}

function operationsFor(
  write: 'Create' | 'Update' | 'Delete',
  { type, properties, hasBody }: CalledFor,
): readonly OperationName[] {
  const kind = type.slice(V2.length);
  if (kind === 'ApiGatewayManagedOverrides') {
    const members = ['Integration', 'Route', 'Stage'] as const;
    return members
      .filter((member) => properties[member] !== undefined)
      .map((member) => `Update${member}` as const);
  }
  if (hasBody && write === 'Create') return ['ImportApi'];
  if (hasBody && write === 'Update') return ['ReimportApi'];
  if (kind === 'RoutingRule' && write === 'Update') return ['PutRoutingRule'];
  return [`${write}${kind}` as OperationName];
}

/** `*` for what quick create made: its ids are nobody's to know. */
function labelOf(label: string, { properties, attributes }: CalledFor): string {
  const domain = properties.DomainNameArn;
  if (label === 'DomainName' && typeof domain === 'string') return domain.split('/domainnames/').at(-1)!;
  return String(attributes[label] ?? properties[label] ?? '*');
}
