// UsagePlan of a REST API: a plan with a key, of its own or shared by the APIs of the template.
import {
  get,
  isMap,
  type Plain,
  picked,
  set,
  stringOf,
  type Tree,
  type TreeMap,
  truthyMember,
} from '../editing.ts';
import { ref } from '../intrinsics.ts';
import { type Blame, structureSentence } from '../invalid.ts';
import type { Attributes, Resource, TemplateAttributes } from '../resource.ts';

const MEMBERS = ['CreateUsagePlan', 'Description', 'Quota', 'Tags', 'Throttle', 'UsagePlanName'];
const CONDITION = 'SharedUsagePlanCondition';

/** What the APIs of a template share. */
export class SharedUsagePlan {
  readonly stages: Plain[] = [];
  readonly keyStages: Plain[] = [];
  readonly apis: string[] = [];
  readonly #conditions: string[] = [];
  #isAlways = false;
  #deletion: string | undefined;
  #replacement: string | undefined;

  /** Attributes of what is shared, with those of one more API. */
  attributes(own: TemplateAttributes, conditions: TreeMap | undefined): Attributes {
    const [deletion, replacement] = [own.DeletionPolicy, own.UpdateReplacePolicy].map((each) =>
      stringOf(each),
    );
    if (deletion !== undefined && (this.#deletion === undefined || deletion === 'Retain'))
      this.#deletion = deletion;
    const isStronger =
      replacement === 'Retain' || (replacement === 'Snapshot' && this.#replacement === 'Delete');
    if (replacement !== undefined && (this.#replacement === undefined || isStronger))
      this.#replacement = replacement;
    this.#addCondition(stringOf(own.Condition), conditions);
    return {
      DeletionPolicy: this.#deletion,
      UpdateReplacePolicy: this.#replacement,
      Condition: this.#conditions.length > 0 && !this.#isAlways ? CONDITION : undefined,
    };
  }

  #addCondition(condition: string | undefined, conditions: TreeMap | undefined): void {
    if (this.#isAlways) return;
    if (condition === undefined) {
      this.#isAlways = true;
      conditions?.members.delete(CONDITION);
      return;
    }
    if (this.#conditions.includes(condition)) return;
    if (conditions === undefined) {
      throw structureSentence("Can't have condition without having 'Conditions' section in the template");
    }
    this.#conditions.push(condition);
    const names = this.#conditions;
    set(
      conditions,
      CONDITION,
      names.length === 1 ? condition : { 'Fn::Or': names.map((name) => ({ Condition: name })) },
    );
  }
}

export interface PlanOwner {
  readonly logicalId: string;
  readonly stageId: string;
  readonly passedOn: TemplateAttributes;
  readonly shared: SharedUsagePlan;
  readonly conditions: TreeMap | undefined;
  readonly blame: Blame;
}

export function usagePlan(given: Tree | undefined, owner: PlanOwner): Resource[] {
  if (given === undefined) return [];
  const { blame, logicalId, shared } = owner;
  if (!isMap(given)) throw blame("'UsagePlan' must be a dictionary", given);
  if ([...given.members.keys()].some((key) => !MEMBERS.includes(key))) {
    throw blame("Invalid property for 'UsagePlan'", given);
  }
  const kind = get(given, 'CreateUsagePlan');
  if (kind === undefined) throw blame("'CreateUsagePlan' is a required field for UsagePlan.", given);
  const name = stringOf(kind) ?? '';
  if (!['SHARED', 'PER_API', 'NONE'].includes(name)) {
    throw blame("'CreateUsagePlan' accepts one of ['SHARED', 'PER_API', 'NONE'].", kind);
  }
  if (name === 'NONE') return [];
  const isShared = name === 'SHARED';
  const prefix = isShared ? 'Serverless' : logicalId;
  const attributes = isShared ? shared.attributes(owner.passedOn, owner.conditions) : owner.passedOn;
  const stage = { ApiId: ref(logicalId), Stage: ref(owner.stageId) };
  const keyStage = { RestApiId: ref(logicalId), StageName: ref(owner.stageId) };
  if (isShared) {
    shared.stages.push(stage);
    shared.keyStages.push(keyStage);
    shared.apis.push(logicalId);
  }
  const offset = given.offset;
  const keyId = isShared ? 'ServerlessApiKey' : `${logicalId}ApiKey`;
  const planId = `${prefix}UsagePlan`;
  return [
    {
      logicalId: planId,
      type: 'AWS::ApiGateway::UsagePlan',
      attributes,
      dependsOn: isShared ? [...shared.apis] : [logicalId],
      offset,
      properties: {
        ApiStages: isShared ? [...shared.stages] : [stage],
        ...picked(given, MEMBERS.slice(1), truthyMember),
      },
    },
    {
      logicalId: keyId,
      type: 'AWS::ApiGateway::ApiKey',
      attributes,
      dependsOn: [planId],
      offset,
      properties: { Enabled: true, StageKeys: isShared ? [...shared.keyStages] : [keyStage] },
    },
    {
      logicalId: `${prefix}UsagePlanKey`,
      type: 'AWS::ApiGateway::UsagePlanKey',
      attributes,
      dependsOn: [keyId],
      offset,
      properties: { KeyId: ref(keyId), KeyType: 'API_KEY', UsagePlanId: ref(planId) },
    },
  ];
}
