// What the functions of a template find their values in while its resources are being made (spec/definitions.md §4).
import { otherValues } from '../../../definitions/other-types/other-values.ts';
import type { DynamicReference, EvaluationScope, ResourceValues } from '../../../definitions/scope.ts';
import { NotKnown } from '../../../definitions/scope.ts';
import type { StandIn } from '../../../definitions/stack-settings.ts';
import type { TemplateResource } from '../../../definitions/template.ts';
import { type Node, textOf } from '../../../tree/node.ts';
import type { Deployment } from '../deployment.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { StackResourceDocument } from '../stored/stack-document.ts';

export interface ValueMeans {
  readonly deployment: Deployment;
  readonly stackName: string;
  readonly parameters: ReadonlyMap<string, string | readonly string[]>;
  /** Those that are there. */
  readonly resources: ReadonlyMap<string, TemplateResource>;
  /** What was made of resources that Postern has. */
  readonly made: ReadonlyMap<string, StackResourceDocument>;
  readonly standIn: (logicalId: string) => StandIn | undefined;
  /** A property of a resource, evaluated. */
  readonly evaluated: (logicalId: string, property: Node) => Node | undefined;
}

export class StackValues implements EvaluationScope {
  readonly parameters: ReadonlyMap<string, string | readonly string[]>;
  /** Names of exports that were asked for. */
  readonly imported = new Set<string>();
  readonly #means: ValueMeans;
  readonly #others = new Map<string, ResourceValues>();

  constructor(means: ValueMeans) {
    this.#means = means;
    this.parameters = means.parameters;
  }

  resource(logicalId: string): ResourceValues | undefined {
    const resource = this.#means.resources.get(logicalId);
    if (resource === undefined) return undefined;
    const made = this.#means.made.get(logicalId);
    if (made !== undefined) return valuesOf(made);
    const isElsewhere = this.#means.standIn(logicalId)?.ref !== undefined;
    if (!isElsewhere && kindOf(resource.type) !== undefined) throw new NotKnown(logicalId, resource.type);
    let values = this.#others.get(logicalId);
    if (values === undefined) {
      values = this.#other(resource);
      this.#others.set(logicalId, values);
    }
    return values;
  }

  #other({ logicalId, type, properties }: TemplateResource): ResourceValues {
    const { deployment, stackName, standIn, evaluated, parameters } = this.#means;
    const { account, region } = deployment.context;
    return otherValues(
      {
        account,
        region,
        stackName,
        logicalId,
        type,
        partition: String(parameters.get('AWS::Partition')),
        urlSuffix: String(parameters.get('AWS::URLSuffix')),
        evaluated(name) {
          const node = properties.members.get(name)?.value;
          return node && evaluated(logicalId, node);
        },
      },
      standIn(logicalId),
    );
  }

  /** The SSM parameters among the resources, by name: those whose values are known. */
  ssmParameters(): ReadonlyMap<string, string> {
    const values = new Map<string, string>();
    for (const { logicalId, type } of this.#means.resources.values()) {
      if (type !== 'AWS::SSM::Parameter') continue;
      const found = this.resource(logicalId)!;
      try {
        const value = found.attribute('Value');
        const text = typeof value === 'string' ? value : textOf(value);
        if (text !== undefined) values.set(found.ref(), text);
      } catch (error) {
        if (!(error instanceof NotKnown)) throw error;
      }
    }
    return values;
  }

  exported(name: string): string | undefined {
    const { deployment } = this.#means;
    this.imported.add(name);
    return deployment.exports.get(name)?.Value ?? deployment.settings.exports.get(name);
  }

  resolved({ service, name, jsonKey }: DynamicReference): string | undefined {
    const { settings, ssmParameters } = this.#means.deployment;
    if (service !== 'secretsmanager') return settings.ssm.get(name) ?? ssmParameters.get(name)?.Value;
    const secret = settings.secrets.get(name) ?? settings.secrets.get(nameInArn(name));
    return secret === undefined || jsonKey === undefined ? secret : valueIn(secret, jsonKey);
  }
}

function valuesOf({ Type, PhysicalId, Attributes }: StackResourceDocument): ResourceValues {
  return {
    type: Type,
    ref: () => PhysicalId,
    attribute: (name) => (Object.hasOwn(Attributes, name) ? Attributes[name] : undefined),
  };
}

/** `arn:aws:secretsmanager:us-east-1:000000000000:secret:shop/db-AbCdEf` → `shop/db` */
function nameInArn(arn: string): string {
  return arn
    .split(':')
    .slice(6)
    .join(':')
    .replace(/-[A-Za-z0-9]{6}$/, '');
}

/** Of a secret that is JSON. */
function valueIn(secret: string, key: string): string | undefined {
  let data: unknown;
  try {
    data = JSON.parse(secret);
  } catch {
    return undefined;
  }
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, key)) return undefined;
  const value = (data as { readonly [key: string]: unknown })[key];
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
