// EventInvokeConfig of a function, and the queue or topic that is made where a destination has none.
import { get, isMap, isTruthy, type Plain, set, stringOf, type Tree, type TreeMap } from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import { idHash } from '../ids.ts';
import { getAtt, ifArguments, isNoValue, ref } from '../intrinsics.ts';
import { type Blame, blameResource, expectMap } from '../invalid.ts';
import { pythonStr } from '../python-text.ts';
import type { Resource, SamResource } from '../resource.ts';

const TYPES = ['SQS', 'SNS', 'EventBridge', 'Lambda', 'S3Bucket'];
const MADE = new Map([
  ['SQS', { type: 'AWS::SQS::Queue', suffix: 'Queue', arn: (id: string) => getAtt(id, 'Arn') }],
  ['SNS', { type: 'AWS::SNS::Topic', suffix: 'Topic', arn: (id: string) => ref(id) }],
]);

interface Destination {
  readonly arn: Plain;
  readonly made?: Resource;
}

export function eventInvokeResources(
  fn: SamResource,
  aliasName: string | undefined,
  aliasId: string | undefined,
  expansion: Expansion,
  blame: Blame,
): Resource[] {
  const { logicalId, properties } = fn;
  const given = get(properties, 'EventInvokeConfig');
  if (!isTruthy(given)) return [];
  const config = expansion.parameters.resolved(given);
  const id = `${logicalId}EventInvokeConfig`;
  const destinations = new Map<string, Destination>();
  const wanted = get(config, 'DestinationConfig');
  if (isTruthy(wanted)) {
    expectMap(wanted, 'EventInvokeConfig.DestinationConfig', blame);
    for (const name of ['OnSuccess', 'OnFailure']) {
      const each = get(wanted, name);
      if (each === undefined) continue;
      const map = expectMap(each, `EventInvokeConfig.DestinationConfig.${name}`, blame);
      destinations.set(name, new DestinationReader(fn, expansion, blame).read(map, id, name));
    }
  }
  return [
    ...[...destinations.values()].flatMap(({ made }) => made ?? []),
    {
      logicalId: id,
      type: 'AWS::Lambda::EventInvokeConfig',
      attributes: fn.attributes,
      dependsOn: aliasId === undefined ? undefined : [aliasId],
      offset: given.offset,
      properties: {
        FunctionName: ref(logicalId),
        Qualifier: aliasName ?? '$LATEST',
        DestinationConfig: Object.fromEntries(
          Array.from(destinations, ([name, { arn }]) => [name, { Destination: arn }]),
        ),
        MaximumEventAgeInSeconds: get(config, 'MaximumEventAgeInSeconds'),
        MaximumRetryAttempts: get(config, 'MaximumRetryAttempts'),
      },
    },
  ];
}

class DestinationReader {
  readonly #fn: SamResource;
  readonly #expansion: Expansion;
  readonly #blame: Blame;

  constructor(fn: SamResource, expansion: Expansion, blame: Blame) {
    this.#fn = fn;
    this.#expansion = expansion;
    this.#blame = blame;
  }

  read(given: TreeMap, configId: string, name: string): Destination {
    const type = stringOf(get(given, 'Type'));
    if (type === undefined || !TYPES.includes(type)) {
      throw this.#blame(
        `'Type: ${pythonStr(get(given, 'Type'))}' must be one of ['SQS', 'SNS', 'EventBridge', 'Lambda', 'S3Bucket']`,
        given,
      );
    }
    const wanted = get(given, 'Destination');
    const choice = this.#choice(wanted, configId);
    if (wanted !== undefined && choice === undefined) return { arn: wanted };
    const kind = MADE.get(type);
    if (kind === undefined) {
      throw this.#blame("Destination is required if Type is not ['SQS', 'SNS']", given);
    }
    const logicalId = `${configId}${name}${kind.suffix}`;
    const condition = this.#both(this.#fn.passedOn.Condition, choice?.condition);
    return {
      arn:
        choice === undefined
          ? kind.arn(logicalId)
          : { 'Fn::If': [choice.condition, kind.arn(logicalId), choice.otherwise] },
      made: {
        logicalId,
        type: kind.type,
        attributes:
          condition === undefined ? this.#fn.passedOn : { ...this.#fn.passedOn, Condition: condition },
        offset: given.offset,
        properties: {},
      },
    };
  }

  /** A destination that is there under one condition only: what is made is there under the other. */
  #choice(wanted: Tree | undefined, configId: string): { condition: string; otherwise: Tree } | undefined {
    if (!isMap(wanted) || get(wanted, 'Fn::If') === undefined) return undefined;
    const args = ifArguments(wanted);
    if (args === undefined) {
      throw blameResource(configId, wanted.offset)(
        "Malformed 'Destination' property: Fn::If requires 3 arguments.",
        wanted,
      );
    }
    const [condition, yes, no] = args;
    const name = stringOf(condition) ?? '';
    if (isNoValue(yes)) return isNoValue(no) ? undefined : { condition: name, otherwise: no };
    if (!isNoValue(no)) return undefined;
    const opposite = `NOT${name}${idHash(configId)}`;
    set(this.#expansion.conditions(), opposite, { 'Fn::Not': [{ Condition: condition }] });
    return { condition: opposite, otherwise: yes };
  }

  #both(ofFunction: Tree | undefined, own: string | undefined): Plain {
    if (ofFunction === undefined || own === undefined) return ofFunction ?? own;
    const name = `${stringOf(ofFunction) ?? ''}AND${own}${idHash(this.#fn.logicalId)}`;
    set(this.#expansion.conditions(), name, {
      'Fn::And': [{ Condition: { Condition: ofFunction } }, { Condition: { Condition: own } }],
    });
    return name;
  }
}
