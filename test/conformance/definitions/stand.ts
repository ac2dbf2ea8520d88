// The whole program for the rows about definitions: templates go in as `postern deploy` sends them, and what they made is looked at
// through the unmodified AWS SDK.
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import * as sdk from '@aws-sdk/client-apigatewayv2';
import type { DeployAnswer, DeployReport } from '../../../src/definitions/deploy-answer.ts';
import type { DeployRequest } from '../../../src/definitions/deploy-request.ts';
import type { StackDescription } from '../../../src/definitions/stack-description.ts';
import { type StackSettings, settingsOfStack } from '../../../src/definitions/stack-settings.ts';
import { type PosternOptions, REGION, type RunningPostern, startTestPostern } from '../../support/postern.ts';
import type { Deployed } from './case.ts';
import { templateText } from './template-text.ts';

const V2 = 'AWS::ApiGatewayV2::';

type Data = { readonly [member: string]: unknown };

/** A resource as a stack tells it. */
type Told = StackDescription['resources'][number];

export class DefinitionStand {
  readonly client: sdk.ApiGatewayV2;
  readonly postern: RunningPostern;

  private constructor(postern: RunningPostern) {
    this.postern = postern;
    this.client = new sdk.ApiGatewayV2({
      endpoint: postern.management,
      region: REGION,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts: 1,
    });
  }

  /** What postern.yaml says in these rows. */
  static settings(): ReadonlyMap<string, StackSettings<never>> {
    const none = settingsOfStack<never>(new Map(), 'stand-ins');
    const resources = new Map([
      ['Pool', { ref: 'us-east-1_AbCdEfGhI', attributes: new Map<string, never>() }],
    ]);
    const ssm = new Map([
      ['/a', '1'],
      ['/b', '2'],
    ]);
    return new Map([['stand-ins', { ...none, resources, ssm }]]);
  }

  static async start(sections: PosternOptions['sections'] = {}): Promise<DefinitionStand> {
    return new DefinitionStand(await startTestPostern({ sections }));
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.postern.close();
    assert.deepEqual(this.postern.errors, [], 'no row meets a defect');
  }

  async report(deployed: Deployed, more: Data = {}): Promise<DeployReport> {
    const { parameters, stackName = 'pets' } = deployed;
    const template = { name: 'template.yaml', text: templateText(deployed) };
    const answer = await this.ask({ stackName, template, ...(parameters && { parameters }), ...more });
    assert.ok(answer.outcome !== 'needs', 'no file is needed');
    return answer;
  }

  /** As `postern deploy` asks. */
  async ask(request: DeployRequest): Promise<DeployAnswer> {
    const answer = (await this.#call('POST', '', request)) as unknown as DeployAnswer;
    assert.ok(answer.outcome !== undefined, JSON.stringify(answer));
    return answer;
  }

  /** A deploy that is not refused. */
  async deploy(deployed: Deployed, more: Data = {}): Promise<DeployReport> {
    const report = await this.report(deployed, more);
    assert.notEqual(report.outcome, 'refused', report.message);
    return report;
  }

  stacks(): Promise<Data> {
    return this.#call('GET', '');
  }

  /** Undefined where there is none. */
  async describe(stackName = 'pets'): Promise<StackDescription | undefined> {
    const told = await this.#call('GET', `/${stackName}`);
    return told.resources === undefined ? undefined : (told as unknown as StackDescription);
  }

  /** A report, or the message of a refusal. */
  async delete(stackName = 'pets'): Promise<Partial<DeployReport>> {
    return (await this.#call('DELETE', `/${stackName}`)) as Partial<DeployReport>;
  }

  async #call(method: string, path: string, body?: object): Promise<Data> {
    const response = await fetch(`${this.postern.management}/_postern/stacks${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Data;
  }

  /** The physical id of a resource. */
  async idOf(logicalId: string, stackName = 'pets'): Promise<string> {
    const stack = await this.describe(stackName);
    const found = stack?.resources.find((each) => each.logicalId === logicalId);
    assert.ok(found, `${logicalId} is there`);
    return found.physicalId;
  }

  /** What GetX says of a resource, with logical ids in place of ids. */
  async look(logicalId: string, stackName = 'pets'): Promise<Data> {
    const { resources } = (await this.describe(stackName))!;
    const found = resources.find((each) => each.logicalId === logicalId);
    assert.ok(found, `${logicalId} is there`);
    const kind = found.type.slice(V2.length);
    for (const input of inputsFor(kind, found, resources)) {
      const { $metadata: _, ...seen } = await this.#send(`Get${kind}`, input);
      if (Object.keys(seen).length > 0) return named(seen, resources);
    }
    assert.fail(`${logicalId} is nowhere`);
  }

  /** By route key: who may call, and the scopes. */
  async routesOf(logicalId: string): Promise<{ readonly [routeKey: string]: string }> {
    const { Items = [] } = await this.client.getRoutes({ ApiId: await this.idOf(logicalId) });
    return Object.fromEntries(
      Items.map(({ RouteKey, AuthorizationType, AuthorizationScopes = [] }) => [
        RouteKey,
        [AuthorizationType, ...AuthorizationScopes].join(' '),
      ]),
    );
  }

  /** Empty for what is not found. */
  async #send(operation: string, input: Data): Promise<Data> {
    const Command = (sdk as unknown as Record<string, new (input: Data) => never>)[`${operation}Command`]!;
    try {
      return (await this.client.send(new Command(input))) as unknown as Data;
    } catch (error) {
      if (error instanceof sdk.NotFoundException) return {};
      throw error;
    }
  }

  /** What a path of the first stage of a stack answers, as JSON. */
  async fetchJson(report: DeployReport, path: string): Promise<unknown> {
    const { status, body } = await this.#fetch(report, path);
    assert.equal(status, 200, body);
    return JSON.parse(body);
  }

  async statusOf(report: DeployReport, path: string): Promise<number> {
    return (await this.#fetch(report, path)).status;
  }

  /** Names of APIs are no names of this machine's resolver everywhere. */
  #fetch(
    { endpoints }: DeployReport,
    path: string,
  ): Promise<{ readonly status: number; readonly body: string }> {
    const [endpoint] = endpoints;
    assert.ok(endpoint, 'the stack has an endpoint');
    const { host, pathname } = new URL(endpoint.url);
    const options = {
      host: '127.0.0.1',
      port: this.postern.port,
      path: pathname.replace(/\/$/, '') + path,
      headers: { host },
    };
    return new Promise((resolve, reject) => {
      get(options, async (response) => {
        const body = await text(response);
        resolve({ status: response.statusCode!, body });
      }).on('error', reject);
    });
  }
}

/** Where a resource may be: a stack does not say what it is part of. */
function inputsFor(kind: string, { physicalId }: Told, resources: readonly Told[]): readonly Data[] {
  const idsOf = (type: string): readonly string[] =>
    resources.filter((each) => each.type === V2 + type).map((each) => each.physicalId);
  const label = kind === 'Stage' ? 'StageName' : kind === 'DomainName' ? 'DomainName' : `${kind}Id`;
  const own = { [label]: physicalId };
  switch (kind) {
    case 'Api':
    case 'VpcLink':
    case 'DomainName':
      return [own];
    case 'ApiMapping':
      return idsOf('DomainName').map((DomainName) => ({ DomainName, ...own }));
    case 'RoutingRule':
      return idsOf('DomainName').map((DomainName) => ({
        DomainName,
        RoutingRuleId: physicalId.split('/').at(-1),
      }));
    default: {
      const parent =
        kind === 'IntegrationResponse' ? 'Integration' : kind === 'RouteResponse' ? 'Route' : undefined;
      return idsOf('Api').flatMap((ApiId) =>
        parent === undefined
          ? [{ ApiId, ...own }]
          : idsOf(parent).map((id) => ({ ApiId, [`${parent}Id`]: id, ...own })),
      );
    }
  }
}

/** The same with the logical ids of resources in place of their ids. */
function named(seen: Data, resources: readonly Told[]): Data {
  let text = JSON.stringify(seen);
  for (const { physicalId, logicalId, type } of resources) {
    if (/^[a-z0-9]{5,10}$/.test(physicalId) && !type.endsWith('::Stage'))
      text = text.replaceAll(physicalId, logicalId);
  }
  return JSON.parse(text) as Data;
}
