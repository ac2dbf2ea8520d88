// FunctionUrlConfig (spec/definitions.md §8.9.1).
import { entries, get, isMap, stringOf, type Tree, truthyMember } from '../editing.ts';
import { isIntrinsic } from '../intrinsics.ts';
import { type Blame, expectMap } from '../invalid.ts';
import { permission } from '../permissions.ts';
import { pythonType } from '../python-text.ts';
import type { Resource, SamResource } from '../resource.ts';
import type { FunctionTarget } from './function-target.ts';

/** The type of each member, as Python names it. */
const CORS_MEMBERS = new Map([
  ['AllowOrigins', 'list'],
  ['AllowMethods', 'list'],
  ['AllowCredentials', 'bool'],
  ['AllowHeaders', 'list'],
  ['ExposeHeaders', 'list'],
  ['MaxAge', 'int'],
]);

/** The URL, and the two permissions that let everybody call it where nobody has to sign. */
export function urlResources(fn: SamResource, target: FunctionTarget, blame: Blame): Resource[] {
  const { logicalId, properties, passedOn } = fn;
  const config = truthyMember(properties, 'FunctionUrlConfig');
  if (config === undefined) return [];
  const { offset } = config;
  const authType = get(config, 'AuthType');
  if (!isIntrinsic(config)) {
    const isKnown = ['AWS_IAM', 'NONE'].includes(stringOf(authType) ?? '');
    if (!isKnown && !isIntrinsic(authType)) {
      throw blame(
        'AuthType is required to configure function property `FunctionUrlConfig`. Please provide either AWS_IAM or NONE.',
        config,
      );
    }
    checkCors(truthyMember(config, 'Cors'), blame);
  }
  const url: Resource = {
    logicalId: `${logicalId}Url`,
    type: 'AWS::Lambda::Url',
    attributes: passedOn,
    offset,
    properties: {
      Cors: truthyMember(config, 'Cors'),
      AuthType: authType,
      TargetFunctionArn: target.name,
      InvokeMode: get(config, 'InvokeMode'),
    },
  };
  if (isIntrinsic(config) || stringOf(authType) !== 'NONE') return [url];
  return [
    url,
    permission(`${logicalId}UrlPublicPermissions`, offset, passedOn, {
      Action: 'lambda:InvokeFunctionUrl',
      FunctionName: target.name,
      Principal: '*',
      FunctionUrlAuthType: authType,
    }),
    permission(`${logicalId}URLInvokeAllowPublicAccess`, offset, passedOn, {
      FunctionName: target.name,
      Principal: '*',
      InvokedViaFunctionUrl: true,
    }),
  ];
}

function checkCors(cors: Tree | undefined, blame: Blame): void {
  if (cors === undefined || isIntrinsic(cors)) return;
  expectMap(cors, 'FunctionUrlConfig.Cors', blame);
  for (const [name, value] of entries(cors)) {
    const type = CORS_MEMBERS.get(name);
    if (type === undefined) throw blame(`${name} is not a valid property for configuring Cors.`, value);
    const isOfType = pythonType(value) === type || (type === 'int' && pythonType(value) === 'bool');
    if (!isOfType && !(isMap(value) && isIntrinsic(value))) {
      throw blame(`${name} must be of type ${type}.`, value);
    }
  }
}
