// Builds the configuration of a row through the AWS SDK, as a user would.
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateApiMappingCommand,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateDeploymentCommand,
  CreateDomainNameCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateRoutingRuleCommand,
  CreateStageCommand,
  type CreateStageCommandInput,
  CreateVpcLinkCommand,
  DeleteRouteCommand,
  GetIntegrationCommand,
  UpdateApiCommand,
  UpdateIntegrationCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { unreachable } from '../../src/defect.ts';
import type { Creation, Integration, Route, Setup, Step, UpdateCase } from './case.ts';

const API = { Name: 'conformance', ProtocolType: 'HTTP' } as const;
const INTEGRATION = {
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'ANY',
  IntegrationUri: 'http://backend.example.com',
  PayloadFormatVersion: '1.0',
} as const;

/** Creates an API with everything a setup names. `place` puts real addresses in place of a row's names. Returns its id. */
export async function configure(
  client: ApiGatewayV2Client,
  setup: Setup,
  place: <T>(value: T) => T,
): Promise<string> {
  const { ApiId } = await client.send(new CreateApiCommand(place({ ...API, ...setup.api })));
  const api = new Configurator(client, ApiId!, place);
  for (const [name, integration] of Object.entries(setup.integrations))
    await api.createIntegration(name, integration);
  for (const route of setup.routes) await api.createRoute(route);
  const stages = setup.stages ?? [{ StageName: '$default' }];
  const isFrozen = stages.some((stage) => stage.deployed !== false && stage.AutoDeploy !== true);
  const DeploymentId = isFrozen ? await api.deploy() : undefined;
  for (const { deployed, ...stage } of stages) {
    const frozen = deployed !== false && stage.AutoDeploy !== true;
    await client.send(
      new CreateStageCommand(place({ ApiId, ...stage, ...(frozen ? { DeploymentId } : {}) })),
    );
  }
  for (const step of setup.afterwards ?? []) await api.take(step);
  return ApiId!;
}

class Configurator {
  readonly #client: ApiGatewayV2Client;
  readonly #apiId: string;
  readonly #place: <T>(value: T) => T;
  readonly #integrationIds = new Map<string, string>();
  readonly #routeIds = new Map<string, string>();

  constructor(client: ApiGatewayV2Client, apiId: string, place: <T>(value: T) => T) {
    this.#client = client;
    this.#apiId = apiId;
    this.#place = place;
  }

  async createIntegration(name: string, integration: Integration): Promise<void> {
    const input = this.#place({ ApiId: this.#apiId, ...INTEGRATION, ...integration });
    const { IntegrationId } = await this.#client.send(new CreateIntegrationCommand(input));
    this.#integrationIds.set(name, IntegrationId!);
  }

  async createRoute({ key, to, authorizationType }: Route): Promise<void> {
    const { RouteId } = await this.#client.send(
      new CreateRouteCommand({
        ApiId: this.#apiId,
        RouteKey: key,
        ...(to === undefined ? {} : { Target: `integrations/${this.#integrationIds.get(to)}` }),
        ...(authorizationType === undefined ? {} : { AuthorizationType: authorizationType }),
      }),
    );
    this.#routeIds.set(key, RouteId!);
  }

  async deploy(StageName?: string): Promise<string> {
    const input = { ApiId: this.#apiId, ...(StageName === undefined ? {} : { StageName }) };
    const { DeploymentId } = await this.#client.send(new CreateDeploymentCommand(input));
    return DeploymentId!;
  }

  async createDomain(domain: Extract<Step, { do: 'createDomain' }>): Promise<void> {
    const client = this.#client;
    const ApiId = this.#apiId;
    const { name: DomainName, mode: RoutingMode, mappings, rules } = domain;
    const DomainNameConfigurations = [{ CertificateArn }];
    await client.send(new CreateDomainNameCommand({ DomainName, RoutingMode, DomainNameConfigurations }));
    for (const [ApiMappingKey, Stage] of Object.entries(mappings)) {
      await client.send(new CreateApiMappingCommand({ DomainName, ApiId, Stage, ApiMappingKey }));
    }
    for (const { priority, conditions, stage, strip } of rules) {
      await client.send(
        new CreateRoutingRuleCommand({
          DomainName,
          Priority: priority,
          Conditions: [...conditions],
          Actions: [{ InvokeApi: { ApiId, Stage: stage, StripBasePath: strip } }],
        }),
      );
    }
  }

  async take(step: Step): Promise<void> {
    const ApiId = this.#apiId;
    switch (step.do) {
      case 'deploy':
        await this.deploy(step.stage);
        return;
      case 'createRoute':
        return this.createRoute(step.route);
      case 'deleteRoute':
        await this.#client.send(new DeleteRouteCommand({ ApiId, RouteId: this.#routeIds.get(step.key)! }));
        return;
      case 'updateApi':
        await this.#client.send(new UpdateApiCommand({ ApiId, ...step.with }));
        return;
      case 'updateStage':
        await this.#client.send(
          new UpdateStageCommand({ ApiId, StageName: step.stage, ...this.#place(step.with) }),
        );
        return;
      case 'createDomain':
        return this.createDomain(step);
      case 'updateIntegration': {
        const IntegrationId = this.#integrationIds.get(step.name)!;
        await this.#client.send(
          new UpdateIntegrationCommand({ ApiId, IntegrationId, ...this.#place(step.with) }),
        );
        return;
      }
      default:
        unreachable(step);
    }
  }
}

const CertificateArn = 'arn:aws:acm:us-east-1:000000000000:certificate/conformance';

/** Makes one thing, in an API of its own unless `apiId` names one. Returns that API's id, for what stands in one. */
export async function create(
  client: ApiGatewayV2Client,
  creation: Creation,
  apiId?: string,
): Promise<string | undefined> {
  if (creation.create === 'api') {
    return (await client.send(new CreateApiCommand({ ...API, ...creation.with } as CreateApiCommandInput)))
      .ApiId!;
  }
  if (creation.create === 'vpcLink') {
    const SubnetIds = [...creation.with.SubnetIds];
    await client.send(new CreateVpcLinkCommand({ Name: 'conformance', SubnetIds }));
    return apiId;
  }
  const ApiId = apiId ?? (await client.send(new CreateApiCommand(API))).ApiId!;
  if (creation.create === 'integration') {
    // A kind of its own brings all its members.
    const base = creation.with.IntegrationType === undefined ? INTEGRATION : {};
    const input = { ApiId, ...base, ...creation.with } as CreateIntegrationCommandInput;
    await client.send(new CreateIntegrationCommand(input));
  } else if (creation.create === 'authorizer') {
    const input = { ApiId, ...creation.with } as CreateAuthorizerCommandInput;
    await client.send(new CreateAuthorizerCommand(input));
  } else if (creation.create === 'deployment') {
    await client.send(new CreateDeploymentCommand({ ApiId }));
  } else if (creation.create === 'stage') {
    await client.send(new CreateStageCommand({ ApiId, ...creation.with } as CreateStageCommandInput));
  } else {
    await client.send(new CreateRouteCommand({ ApiId, ...creation.with } as CreateRouteCommandInput));
  }
  return ApiId;
}

/** Stores an integration, updates it, and reads back what the row speaks of. */
export async function update(client: ApiGatewayV2Client, row: UpdateCase): Promise<UpdateCase['reads']> {
  const { ApiId } = await client.send(new CreateApiCommand(API));
  const base = row.stored.IntegrationType === undefined ? INTEGRATION : {};
  const stored = { ApiId, ...base, ...row.stored } as CreateIntegrationCommandInput;
  const { IntegrationId } = await client.send(new CreateIntegrationCommand(stored));
  await client.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, ...row.update }));
  const read = await client.send(new GetIntegrationCommand({ ApiId, IntegrationId }));
  const names = new Set([...Object.keys(row.reads), 'RequestParameters', 'ResponseParameters']);
  return Object.fromEntries(Object.entries(read).filter(([name]) => names.has(name)));
}
