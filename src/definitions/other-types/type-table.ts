// The table of types (spec/definitions.md §6.2), by type.
import { BALANCING_TYPES } from './balancing-types.ts';
import { COGNITO_TYPES } from './cognito-types.ts';
import { FUNCTION_TYPES } from './function-types.ts';
import { NAMED_TYPES } from './named-types.ts';
import { NOT_KNOWN, type OtherType } from './other-type.ts';
import { SERVICE_TYPES } from './service-types.ts';

const TYPES: ReadonlyMap<string, OtherType> = new Map(
  [FUNCTION_TYPES, NAMED_TYPES, SERVICE_TYPES, COGNITO_TYPES, BALANCING_TYPES].flatMap((types) =>
    Object.entries(types),
  ),
);

const REST_API: OtherType = {
  ref: (of) => of.physicalName(128),
  attributes: NOT_KNOWN,
  effect: { kind: 'warning', when: 'always', text: 'REST APIs are not served' },
};

const CUSTOM_RESOURCE: OtherType = {
  ref: (of) => of.physicalName(128),
  attributes: NOT_KNOWN,
  effect: {
    kind: 'warning',
    when: 'reached',
    text: 'custom resources are never run, because their functions call AWS',
  },
};

/** Undefined for a type that is in no table (§6.4.1). */
export function otherType(type: string): OtherType | undefined {
  const found = TYPES.get(type);
  if (found !== undefined) return found;
  if (type.startsWith('AWS::ApiGateway::')) return REST_API;
  const isCustom = type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
  return isCustom ? CUSTOM_RESOURCE : undefined;
}
