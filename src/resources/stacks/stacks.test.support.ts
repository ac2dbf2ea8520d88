// Stacks in a store of a test: deployed in process, and looked at by the operations of the management API.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { ACCOUNT, REGION } from '../../../test/support/postern.ts';
import { openTestStore } from '../../../test/support/test-store.ts';
import type { Change, DeployAnswer, DeployReport } from '../../definitions/deploy-answer.ts';
import type { DeployRequest } from '../../definitions/deploy-request.ts';
import { type StackSettings, settingsOfStack } from '../../definitions/stack-settings.ts';
import type { Store } from '../../store/store.ts';
import type { Input, Output } from '../../wire/operation.ts';
import type { Context } from '../context.ts';
import { handlers } from '../handlers.ts';
import { deploy } from './deploy.ts';
import type { StackMeans } from './stack-means.ts';
import { describeStack } from './tell-stacks.ts';

export type Given = Partial<Omit<DeployRequest, 'template'>> & { readonly template: object | string };

export class StackStand {
  readonly store: Store;
  readonly means: StackMeans;

  static async open(t: Pick<TestContext, 'after'>, means: Partial<StackMeans> = {}): Promise<StackStand> {
    return new StackStand(await openTestStore(t), means);
  }

  constructor(store: Store, means: Partial<StackMeans>) {
    this.store = store;
    this.means = {
      store,
      account: ACCOUNT,
      region: REGION,
      now: new Date('2026-03-01T12:00:00Z'),
      endpoint: (apiId, protocol) =>
        `${protocol === 'HTTP' ? 'http' : 'ws'}://${apiId}.execute-api.localhost:4700`,
      stacks: new Map(),
      ...means,
    };
  }

  /** The same store by other means. */
  with(means: Partial<StackMeans>): StackStand {
    return new StackStand(this.store, { ...this.means, ...means });
  }

  ask({ template, ...request }: Given): Promise<DeployAnswer> {
    const text = typeof template === 'string' ? template : JSON.stringify(template);
    return deploy({ stackName: 'pets', template: { name: 'template.yaml', text }, ...request }, this.means);
  }

  async report(given: Given): Promise<DeployReport> {
    const answer = await this.ask(given);
    assert.ok(answer.outcome !== 'needs', 'nothing is needed');
    return answer;
  }

  /** A deploy that is not refused. */
  async deploy(given: Given): Promise<DeployReport> {
    const report = await this.report(given);
    assert.notEqual(report.outcome, 'refused', report.message);
    return report;
  }

  /** The message of a deploy that is refused. */
  async refused(given: Given): Promise<string> {
    const { outcome, message } = await this.report(given);
    assert.equal(outcome, 'refused');
    return message!;
  }

  /** An operation of the management API. */
  call<N extends keyof typeof handlers>(name: N, input: Input<N>): Promise<Output<N>> {
    const { store: _, stacks: __, allow: ___, surroundings: ____, ...means } = this.means;
    const run = handlers[name] as unknown as (input: Input<N>, context: Context) => Promise<Output<N>>;
    return this.store.transact((tx) => run(input, { ...means, tx }));
  }

  async idOf(logicalId: string, stackName = 'pets'): Promise<string> {
    const { resources } = await describeStack(stackName, this.means);
    const found = resources.find((each) => each.logicalId === logicalId);
    assert.ok(found, `${logicalId} is there`);
    return found.physicalId;
  }
}

/** Settings of the stack `pets`. */
export function settings(own: Partial<StackSettings<never>>): StackMeans['stacks'] {
  return new Map([['pets', { ...settingsOfStack<never>(new Map(), 'pets'), ...own }]]);
}

/** `create Api`, `update R RouteKey` */
export function changesIn({ changes }: DeployReport): readonly string[] {
  return changes.map(({ action, logicalId, members }: Change) =>
    [action, logicalId, ...members.map(({ name }) => name)].join(' '),
  );
}

/** `note …` */
export function findingsIn({ findings }: DeployReport): readonly string[] {
  return findings.map(({ severity, text }) => `${severity} ${text}`);
}
