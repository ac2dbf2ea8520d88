// `AWS::Serverless::Connector` and the attribute `Connectors`: policies and permissions, by which nothing is decided here
// (spec/definitions.md §8.1).

import { unreachable } from '../../../defect.ts';
import {
  areEqual,
  entries,
  get,
  isList,
  isMap,
  isTruthy,
  made,
  type Plain,
  type PlainMap,
  set,
  stringOf,
  type Tree,
  type TreeMap,
} from '../editing.ts';
import { sendPolicy } from '../events/dead-letters.ts';
import { getAtt, logicalIdOf, ref, sub } from '../intrinsics.ts';
import { type Blame, blameResource } from '../invalid.ts';
import type { Resource, SamResource } from '../resource.ts';
import { CONNECTED_TYPES, type ConnectorProfile, connectorProfile } from './connector-profiles.ts';

const TYPE_OF_SAM = new Map([
  ['AWS::Serverless::Function', 'AWS::Lambda::Function'],
  ['AWS::Serverless::StateMachine', 'AWS::StepFunctions::StateMachine'],
  ['AWS::Serverless::Api', 'AWS::ApiGateway::RestApi'],
  ['AWS::Serverless::HttpApi', 'AWS::ApiGatewayV2::Api'],
  ['AWS::Serverless::SimpleTable', 'AWS::DynamoDB::Table'],
]);

/** One side of a connector. */
interface Side {
  readonly logicalId: string | undefined;
  readonly type: string;
  readonly arn: Plain;
  readonly roleName: Plain;
  readonly queueUrl: Plain;
  readonly resourceId: Plain;
  readonly qualifier: Plain;
}

/** @param resources what the other resources became; what has to wait for a policy is changed in it */
export function expandConnector(connector: SamResource, resources: TreeMap): Resource[] {
  const { logicalId, properties, offset } = connector;
  const blame = blameResource(logicalId, offset);
  const given = get(properties, 'Destination');
  const several = isList(given);
  const destinations = several ? given.items : [given!];
  const source = get(properties, 'Source')!;
  const made = destinations.flatMap((each, index) => {
    const destination = sideOf(each, source, resources, blame);
    const from = sideOf(source, each, resources, blame);
    return new Connection(connector, from, destination, resources, blame).resources(
      several ? `Destination${index}` : '',
    );
  });
  if (made.length === 0) throw blame("'Destination' is an empty list", given);
  const ids = made.map((each) => each.logicalId);
  for (const [, resource] of entries(resources)) replaceDependency(resource, logicalId, ids);
  return made;
}

function sideOf(given: Tree, other: Tree, resources: TreeMap, blame: Blame): Side {
  const keys = isMap(given) ? [...given.members.keys()] : [];
  const hasOthers = keys.some((key) => key !== 'Id' && key !== 'Qualifier');
  if (keys.includes('Id') === hasOthers) {
    throw blame(
      "Must provide 'Id' (with optional 'Qualifier') or a supported combination of other properties.",
      given,
    );
  }
  const id = get(given, 'Id');
  if (!isTruthy(id)) return sideWithoutId(given, blame);
  const logicalId = stringOf(id);
  if (logicalId === undefined) throw blame("'Id' is missing or not a string.", id);
  const resource = get(resources, logicalId);
  if (resource === undefined) throw blame(`Unable to find resource with logical ID '${logicalId}'.`, id);
  const type = stringOf(get(resource, 'Type'));
  if (!type) throw blame("'Type' is missing or not a string.", given);
  const known = CONNECTED_TYPES.get(type);
  const value = (how: string | undefined): Plain =>
    how === undefined ? undefined : how === 'Ref' ? ref(logicalId) : getAtt(logicalId, how);
  const role = roleOf(type, known?.role, get(resource, 'Properties'), other);
  return {
    logicalId,
    type,
    arn: value(known?.arn),
    roleName: role === undefined ? undefined : ref(role),
    queueUrl: value(known?.url),
    resourceId: value(known?.id),
    qualifier: keys.includes('Qualifier') ? get(given, 'Qualifier') : known?.qualifier,
  };
}

function sideWithoutId(given: Tree, blame: Blame): Side {
  const type = stringOf(get(given, 'Type'));
  if (!type) throw blame("'Type' is missing or not a string.", given);
  return {
    logicalId: undefined,
    type: TYPE_OF_SAM.get(type) ?? type,
    arn: get(given, 'Arn'),
    roleName: get(given, 'RoleName'),
    queueUrl: get(given, 'QueueUrl'),
    resourceId: get(given, 'ResourceId'),
    qualifier: get(given, 'Qualifier'),
  };
}

/** The logical id of the role: a rule has one for each of its targets. */
function roleOf(
  type: string,
  property: string | undefined,
  properties: Tree | undefined,
  other: Tree,
): string | undefined {
  if (type !== 'AWS::Events::Rule') {
    return property === undefined ? undefined : logicalIdOf(get(properties, property));
  }
  const targets = get(properties, 'Targets');
  const target = (isList(targets) ? targets.items : []).find((each) => {
    const arn = get(each, 'Arn');
    const id = logicalIdOf(arn);
    const otherArn = get(other, 'Arn');
    return (
      (id !== undefined && id === stringOf(get(other, 'Id'))) ||
      (isTruthy(otherArn) && areEqual(arn, otherArn))
    );
  });
  return logicalIdOf(get(target, 'RoleArn'));
}

class Connection {
  readonly #connector: SamResource;
  readonly #source: Side;
  readonly #destination: Side;
  readonly #resources: TreeMap;
  readonly #blame: Blame;

  constructor(connector: SamResource, source: Side, destination: Side, resources: TreeMap, blame: Blame) {
    this.#connector = connector;
    this.#source = source;
    this.#destination = destination;
    this.#resources = resources;
    this.#blame = blame;
  }

  resources(suffix: string): Resource[] {
    const { type: from } = this.#source;
    const { type: to } = this.#destination;
    const profile = connectorProfile(from, to);
    if (profile === undefined) {
      throw this.#blame(
        `Unable to create connector from ${from} to ${to}; it's not supported or the template is invalid.`,
      );
    }
    const permissions = this.#permissions(profile);
    switch (profile.kind) {
      case 'role':
        return [this.#rolePolicy(profile, suffix)];
      case 'queue':
      case 'topic':
        return [this.#destinationPolicy(profile, suffix)];
      case 'function':
        return profile.permissions
          .filter((name) => permissions.includes(name))
          .map((name) => this.#functionPermission(profile, name, suffix));
      default:
        return unreachable(profile);
    }
  }

  #permissions(profile: ConnectorProfile): string[] {
    const given = get(this.#connector.properties, 'Permissions');
    const wanted = [...new Set(isList(given) ? given.items.map((each) => stringOf(each) ?? '') : [])];
    const valid = profile.permissions.join(', ');
    if (wanted.length === 0)
      throw this.#blame(`'Permissions' cannot be empty; valid values are: ${valid}.`, given);
    const between = `Unsupported 'Permissions' provided for connector from ${this.#source.type} to ${this.#destination.type}`;
    if (wanted.some((name) => !profile.permissions.includes(name))) {
      throw this.#blame(`${between}; valid values are: ${valid}.`, given);
    }
    const together = profile.kind === 'role' ? profile.together : undefined;
    const key = (names: readonly string[]): string => [...names].sort().join(' + ');
    if (together !== undefined && !together.some((names) => key(names) === key(wanted))) {
      throw this.#blame(`${between}; valid combinations are: ${together.map(key).join(', ')}.`, given);
    }
    return wanted;
  }

  #made(logicalId: string, type: string, properties: Record<string, Plain>): Resource {
    const { attributes, dependsOn, offset } = this.#connector;
    return { logicalId, type, attributes, dependsOn, offset, properties };
  }

  #rolePolicy(profile: Extract<ConnectorProfile, { kind: 'role' }>, suffix: string): Resource {
    const { roleName } = profile.roleOf === 'Source' ? this.#source : this.#destination;
    if (roleName === undefined) {
      throw this.#blame(`Unable to get IAM role name from '${profile.roleOf}' resource.`);
    }
    const logicalId = `${this.#connector.logicalId}Policy${suffix}`;
    if (profile.awaitedBy === 'event source mapping') this.#letMappingWait(logicalId);
    if (profile.awaitedBy === 'source')
      addDependency(get(this.#resources, this.#source.logicalId ?? ''), logicalId);
    return this.#made(logicalId, 'AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Version: '2012-10-17', Statement: [] },
      Roles: [roleName],
    });
  }

  #letMappingWait(logicalId: string): void {
    const [source, destination] = [this.#source.logicalId, this.#destination.logicalId];
    if (source === undefined || destination === undefined) return;
    const mappings = entries(this.#resources).filter(([, resource]) => {
      const properties = get(resource, 'Properties');
      return (
        stringOf(get(resource, 'Type')) === 'AWS::Lambda::EventSourceMapping' &&
        logicalIdOf(get(properties, 'FunctionName')) === destination &&
        logicalIdOf(get(properties, 'EventSourceArn')) === source
      );
    });
    if (mappings.length === 1) addDependency(mappings[0]![1], logicalId);
  }

  #destinationPolicy(
    { kind, principal }: Exclude<ConnectorProfile, { kind: 'role' }>,
    suffix: string,
  ): Resource {
    const { arn, queueUrl } = this.#destination;
    const isQueue = kind === 'queue';
    const target = isQueue ? queueUrl : arn;
    if (target === undefined) {
      throw this.#blame(
        `Unable to get ${isQueue ? 'SQS queue URL' : 'SNS topic ARN'} from 'Destination' resource.`,
      );
    }
    const id = `${this.#connector.logicalId}${isQueue ? 'QueuePolicy' : 'TopicPolicy'}${suffix}`;
    const policy = sendPolicy({ Service: principal }, arn, this.#source.arn);
    return isQueue
      ? this.#made(id, 'AWS::SQS::QueuePolicy', { PolicyDocument: policy, Queues: [target] })
      : this.#made(id, 'AWS::SNS::TopicPolicy', { PolicyDocument: publishing(policy), Topics: [target] });
  }

  #functionPermission(
    { principal, sourceArn, isOfAccount }: Exclude<ConnectorProfile, { kind: 'role' }>,
    name: string,
    suffix: string,
  ): Resource {
    const { arn } = this.#destination;
    if (arn === undefined)
      throw this.#blame("Unable to get Lambda function ARN from 'Destination' resource.");
    const variables: PlainMap = {
      SourceResourceId: this.#source.resourceId,
      SourceQualifier: sourceArn?.includes('${SourceQualifier}') ? this.#source.qualifier : undefined,
    };
    for (const [variable, value] of Object.entries(variables)) {
      if (sourceArn?.includes(variable) && value === undefined) {
        throw this.#blame(`Source.${variable.replace('Source', '')} is missing.`);
      }
    }
    return this.#made(
      `${this.#connector.logicalId}${name}LambdaPermission${suffix}`,
      'AWS::Lambda::Permission',
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: arn,
        Principal: principal,
        SourceArn: sourceArn === undefined ? this.#source.arn : sub(sourceArn, variables),
        SourceAccount: isOfAccount ? sub('${AWS::AccountId}') : undefined,
      },
    );
  }
}

function publishing(policy: Plain): Plain {
  const { Version, Statement } = policy as { Version: string; Statement: readonly PlainMap[] };
  return { Version, Statement: Statement.map((each) => ({ ...each, Action: 'sns:Publish' })) };
}

function addDependency(resource: Tree | undefined, logicalId: string): void {
  if (!isMap(resource)) return;
  const given = get(resource, 'DependsOn');
  const others = isList(given) ? given.items : given === undefined ? [] : [given];
  const added = made(resource.offset, logicalId);
  if (!others.some((each) => areEqual(each, added))) set(resource, 'DependsOn', [...others, added]);
}

/** Who waited for the connector waits for what it became. */
function replaceDependency(resource: Tree, logicalId: string, ids: readonly string[]): void {
  const given = get(resource, 'DependsOn');
  const names = isList(given) ? given.items : given === undefined ? [] : [given];
  if (!isMap(resource) || !names.some((each) => stringOf(each) === logicalId)) return;
  const others = names.filter((each) => stringOf(each) !== logicalId);
  const added = ids.filter((id) => !others.some((each) => stringOf(each) === id));
  set(resource, 'DependsOn', [...others, ...added]);
}
