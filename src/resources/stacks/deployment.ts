// One deploy inside its transaction: what all stacks of it share, nested ones included (spec/definitions.md §11.2, §11.7).
import { apiKeyOf, exportsOf, ssmParametersOf, stagesOf } from '../../config/keys.ts';
import type { Change, DeployedFunction } from '../../definitions/deploy-answer.ts';
import type { DeployRequest } from '../../definitions/deploy-request.ts';
import type { Finding, Severity } from '../../definitions/finding.ts';
import { Sources } from '../../definitions/sources.ts';
import type { StackSettings } from '../../definitions/stack-settings.ts';
import type { Key } from '../../store/store.ts';
import type { Context } from '../context.ts';
import { autoDeploy, autoDeployStage, FAILED } from '../deployment/auto-deploy.ts';
import { listAll } from '../document-list.ts';
import { Breath } from '../openapi/breath.ts';
import type { StageDocument } from '../stage/stage-document.ts';
import type { Allow } from './apply/stack-calls.ts';
import type { Questions } from './questions.ts';
import { SecretValues } from './secret-values.ts';

/** What a stack exports, or has as an SSM parameter. */
export interface SharedValue {
  readonly Stack: string;
  readonly Value: string;
}

export interface DeploymentMeans {
  readonly context: Context;
  readonly request: DeployRequest;
  readonly questions: Questions;
  readonly settings: StackSettings;
  readonly allow: Allow | undefined;
}

export class Deployment {
  readonly context: Context;
  readonly request: DeployRequest;
  readonly questions: Questions;
  readonly settings: StackSettings;
  readonly allow: Allow | undefined;
  readonly sources = new Sources();
  readonly breath = new Breath();
  readonly secrets = new SecretValues();
  readonly findings: Finding[] = [];
  /** AWS's one text for several of them. */
  summary: string | undefined;
  readonly changes: Change[] = [];
  readonly functions: DeployedFunction[] = [];
  unchanged = 0;
  /** Of the account and region, by name; what this deploy makes of them is among them. */
  readonly exports: Map<string, SharedValue>;
  readonly ssmParameters: Map<string, SharedValue>;
  /** Ids that a plan makes up: another deploy makes others. */
  readonly #madeUp = new Set<string>();
  /** Logical ids of what changed in APIs, by the ids of these. */
  readonly #changedIn = new Map<string, string[]>();

  private constructor(
    means: DeploymentMeans,
    exports: Map<string, SharedValue>,
    ssmParameters: Map<string, SharedValue>,
  ) {
    this.context = means.context;
    this.request = means.request;
    this.questions = means.questions;
    this.settings = means.settings;
    this.allow = means.allow;
    this.exports = exports;
    this.ssmParameters = ssmParameters;
  }

  static async begin(means: DeploymentMeans): Promise<Deployment> {
    const { context } = means;
    return new Deployment(
      means,
      await sharedValues(context, exportsOf(context)),
      await sharedValues(context, ssmParametersOf(context)),
    );
  }

  /** Notes that what an API serves has changed, and by which resource of the template. */
  changedIn(apiId: string, logicalId: string | undefined): void {
    const ids = this.#changedIn.get(apiId) ?? [];
    this.#changedIn.set(apiId, logicalId === undefined ? ids : [...ids, logicalId]);
  }

  changesIn(apiId: string): readonly string[] {
    return this.#changedIn.get(apiId) ?? [];
  }

  /** Deploys each API that changed, and is still there, to its stages that follow it: once. */
  async deployApis(): Promise<void> {
    const { tx } = this.context;
    for (const apiId of this.#changedIn.keys()) {
      const key = apiKeyOf(this.context, apiId);
      if ((await tx.get(key)) === undefined) continue;
      await autoDeploy(this.context, key);
      for (const stage of await listAll<StageDocument>(tx, stagesOf(key))) await this.#lookAfter(stage, key);
    }
  }

  async #lookAfter(stage: StageDocument, apiKey: Key): Promise<void> {
    const { AutoDeploy, DeploymentId, LastDeploymentStatusMessage: message = '', StageName } = stage;
    if (stage.ApiGatewayManaged === true && AutoDeploy !== true && DeploymentId === undefined) {
      // On AWS quick create has deployed before anything overrides what its stage follows.
      await autoDeployStage(this.context, apiKey, stage);
    } else if (AutoDeploy === true && DeploymentId !== undefined && message.startsWith(FAILED)) {
      const reason = message.slice(FAILED.length);
      const text = `Stage ${StageName} of ${apiKey.at(-1)} keeps serving what it had, as on AWS: ${reason}`;
      this.findings.push({ severity: 'warning', text });
    }
  }

  /** Whether the deploy ends with nothing done. */
  get isRefused(): boolean {
    return this.findings.some(({ severity }) => this.refuses(severity));
  }

  refuses(severity: Severity): boolean {
    return severity === 'error' || (severity === 'warning' && this.request.strict === true);
  }

  /** Notes an id that is random. */
  madeUp(id: string): void {
    if (this.request.dryRun === true) this.#madeUp.add(id);
  }

  /** Whether a value is another when it is deployed than it is in a plan. */
  isToBe(value: unknown): boolean {
    if (this.#madeUp.size === 0) return false;
    const text = JSON.stringify(value) ?? '';
    return Array.from(this.#madeUp).some((id) => text.includes(id));
  }
}

async function sharedValues(
  context: Context,
  collection: readonly string[],
): Promise<Map<string, SharedValue>> {
  const { entries } = await context.tx.list(collection);
  return new Map(entries.map(({ key, document }) => [key.at(-1)!, document as unknown as SharedValue]));
}
