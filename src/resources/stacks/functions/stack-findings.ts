// What the report says of a deploy beyond what each resource was told of (spec/definitions.md §6, §7): it takes the whole stack to see
// what an API depends on.

import type { Evaluation } from '../../../definitions/evaluate/evaluation.ts';
import type { Finding } from '../../../definitions/finding.ts';
import { TemplateError } from '../../../definitions/finding.ts';
import { reachedFrom } from '../../../definitions/other-types/reachability.ts';
import {
  listed,
  type SaidResource,
  type Surroundings,
  typeFindings,
} from '../../../definitions/other-types/type-findings.ts';
import { referencesOf } from '../../../definitions/references.ts';
import { type EvaluationScope, NotKnown } from '../../../definitions/scope.ts';
import type { TemplateResource } from '../../../definitions/template.ts';
import { API, FUNCTION, V2 } from '../../../definitions/type-names.ts';
import type { StandInFunction } from '../../../functions/settings.ts';
import { type FunctionArn, parseFunctionUri } from '../../../grammar/arn.ts';
import { partitionOf } from '../../../grammar/management-arn.ts';
import { memberOf, type Node, textOf } from '../../../tree/node.ts';
import type { Deployment } from '../deployment.ts';
import type { LoadedStack } from '../load-stack.ts';
import type { StackResourceDocument } from '../stored/stack-document.ts';
import { type ApiCalls, callsOfApi, type FunctionCall } from './function-calls.ts';
import { functionFindings, type SaidFunction } from './function-findings.ts';
import { variablesOf } from './function-variables.ts';
import { type Permission, permissionOf, permitted } from './permissions.ts';
import { strangeFunctions } from './strange-functions.ts';
import { type FunctionProperties, WITHOUT_NOTE } from './wanted-function.ts';

/** What a server knows of the world around its stacks. */
export interface StackSurroundings extends Surroundings {
  /** Whether settings say who stands for an issuer. */
  namesIssuer(issuer: string): boolean;
  /** Who of postern.yaml answers for a function, besides what is deployed. */
  answers(arn: FunctionArn): 'functions' | 'lambda' | undefined;
  /** Whether functions have credentials of AWS, and no endpoint that keeps their calls here. */
  readonly reachesAws: boolean;
}

const NOBODY: StackSurroundings = {
  namesPrivateTarget: () => false,
  serves: () => false,
  namesIssuer: () => false,
  answers: () => undefined,
  reachesAws: false,
};

/** One stack of the deploy, made. */
export interface MadeStack {
  readonly stack: LoadedStack;
  readonly evaluation: Evaluation;
  readonly scope: EvaluationScope;
  readonly written: ReadonlyMap<string, StackResourceDocument>;
}

const PERMISSION = 'AWS::Lambda::Permission';
const POOL = 'AWS::Cognito::UserPool';

/** Adds to the findings of the deploy, and to its functions. */
export async function sayOfStacks(
  deployment: Deployment,
  stacks: readonly MadeStack[],
  surroundings: StackSurroundings = NOBODY,
): Promise<void> {
  const { findings, request } = deployment;
  const apis = await callsOfStacks(deployment, stacks);
  const calls = apis.flatMap((each) => each.calls);
  const isAnswered = (arn: FunctionArn) => surroundings.answers(arn) !== undefined;
  findings.push(...(await strangeFunctions(deployment, stacks, calls, isAnswered)));
  const isPermitted = permitted(stacks.flatMap((stack) => permissionsOf(stack, deployment)));
  for (const made of stacks) {
    const resources = await saidResources(made, deployment);
    const functions = await saidFunctions(made, { deployment, surroundings, resources, calls, isPermitted });
    const said = { name: request.stackName, resources, reached: reachedIn(made, resources, calls) };
    findings.push(...functionFindings(functions, request.stackName));
    findings.push(...typeFindings(said, surroundings));
    findings.push(...issuerFindings(made, resources, apis, deployment, surroundings));
    findings.push(...realNames(resources, surroundings));
  }
}

function callsOfStacks({ context }: Deployment, stacks: readonly MadeStack[]): Promise<readonly ApiCalls[]> {
  const ids = stacks.flatMap(({ written }) =>
    [...written.values()].filter(({ Type }) => Type === API).map(({ PhysicalId }) => PhysicalId),
  );
  return Promise.all(ids.map((apiId) => callsOfApi(context, apiId)));
}

/** What a function gives; undefined where nobody knows. */
function known<T>(value: () => T): T | undefined {
  try {
    return value();
  } catch (error) {
    if (error instanceof NotKnown || error instanceof TemplateError) return undefined;
    throw error;
  }
}

/** What of `Code` is code: the bucket that it is in on AWS is none of what it needs. */
function codeOf(value: Node): Node | undefined {
  return value.kind === 'map' ? memberOf(value, 'ZipFile') : value;
}

function textIn(
  { properties, logicalId }: TemplateResource,
  property: string,
  evaluation: Evaluation,
): string | undefined {
  const node = memberOf(properties, property);
  return node && known(() => textOf(evaluation.evaluate(node, { logicalId })));
}

/** Logical ids have those of the stacks around them in front. */
async function saidResources(
  { stack, evaluation, scope }: MadeStack,
  { settings, breath }: Deployment,
): Promise<readonly SaidResource[]> {
  const { prefix } = stack.source;
  const said: SaidResource[] = [];
  for (const resource of stack.resources.values()) {
    await breath.draw();
    const { logicalId, type, offset, properties } = resource;
    const references = new Map(
      Array.from(properties.members, ([name, { value }]) => {
        const node = type === FUNCTION && name === 'Code' ? codeOf(value) : value;
        const ids = node === undefined ? [] : [...referencesOf(node, evaluation)];
        return [name, new Set(ids.map((id) => prefix + id))];
      }),
    );
    said.push({
      logicalId: prefix + logicalId,
      type,
      offset,
      references,
      isElsewhere: settings.resources.has(prefix + logicalId),
      text: (property) => textIn(resource, property, evaluation),
      value: (attribute) =>
        known(() => {
          const values = scope.resource(logicalId);
          const found = attribute === 'Ref' ? values?.ref() : values?.attribute(attribute);
          return typeof found === 'string' ? found : undefined;
        }),
    });
  }
  return said;
}

/** What APIs need, whichever stack they are in; and what else the address of one is made of. */
function reachedIn(
  { stack, evaluation, written }: MadeStack,
  resources: readonly SaidResource[],
  calls: readonly FunctionCall[],
): ReadonlySet<string> {
  const { prefix } = stack.source;
  const called = [...written.values()]
    .filter(
      ({ Type, PhysicalId }) => Type === FUNCTION && calls.some((call) => call.function.name === PhysicalId),
    )
    .map(({ LogicalId }) => prefix + LogicalId);
  const types = new Map(resources.map(({ logicalId, type }) => [logicalId, type]));
  const ofOutputs = [...stack.template.outputs.values()].flatMap(({ value }) => {
    const ids = [...(known(() => referencesOf(value, evaluation)) ?? [])].map((id) => prefix + id);
    return ids.some((id) => types.get(id)?.startsWith(V2)) ? ids : [];
  });
  return reachedFrom(resources, [...called, ...ofOutputs]);
}

function permissionsOf({ stack, evaluation }: MadeStack, { context }: Deployment): readonly Permission[] {
  const { account, region } = context;
  const place = { account, region, partition: partitionOf(region) };
  return [...stack.resources.values()].flatMap((resource) => {
    if (resource.type !== PERMISSION) return [];
    const text = (property: string) => textIn(resource, property, evaluation);
    const SourceArn =
      memberOf(resource.properties, 'SourceArn') === undefined ? '*' : (text('SourceArn') ?? '');
    const texts = {
      Action: text('Action'),
      FunctionName: text('FunctionName'),
      Principal: text('Principal'),
      SourceArn,
    };
    return permissionOf(texts, place) ?? [];
  });
}

interface FunctionMeans {
  readonly deployment: Deployment;
  readonly surroundings: StackSurroundings;
  readonly resources: readonly SaidResource[];
  readonly calls: readonly FunctionCall[];
  readonly isPermitted: (call: FunctionCall) => boolean;
}

async function saidFunctions(made: MadeStack, means: FunctionMeans): Promise<readonly SaidFunction[]> {
  const { deployment, surroundings, resources, calls, isPermitted } = means;
  const { stack, evaluation, written } = made;
  const reached = reachedIn(made, resources, calls);
  const functions: SaidFunction[] = [];
  for (const { LogicalId, Type, Attributes, Properties } of written.values()) {
    if (Type !== FUNCTION) continue;
    const resource = stack.resources.get(LogicalId)!;
    const { FunctionName: name, LogicalId: logicalId, Source } = Properties as unknown as FunctionProperties;
    await deployment.breath.draw();
    const located = await deployment.context.outside?.locateCode?.(Source);
    if (located === undefined) continue;
    const arn = parseFunctionUri(Attributes.Arn!).function;
    const ofIt = calls.filter((call) => call.function.name === name && call.function.region === arn.region);
    const standIn = deployment.settings.functions.get(logicalId) as StandInFunction | undefined;
    const code = standIn?.file ?? (located.code === undefined ? undefined : located.file);
    deployment.functions.push({ logicalId, name, ...(code !== undefined && { code }) });
    functions.push({
      logicalId,
      name,
      offset: resource.offset,
      isReached: reached.has(logicalId),
      located,
      answeredBy: standIn === undefined ? surroundings.answers(arn) : 'stacks',
      callers: ofIt.map(({ from }) => from),
      notPermitted: ofIt.filter((call) => !isPermitted(call)).map(({ from }) => from),
      unknown: variablesOf(resource, evaluation).unknown,
      layers: (Source.layers ?? []).map((layer) => layer.name),
      isThrottled: textIn(resource, 'ReservedConcurrentExecutions', evaluation) === '0',
      withoutEffect: withoutEffectOf(resource),
      eventSources: isToldOf(logicalId, deployment) ? [] : eventSourcesOf(logicalId, resources),
    });
  }
  return functions;
}

/** Names of properties; tags that are SAM's own are nobody's wish. */
function withoutEffectOf({ properties }: TemplateResource): readonly string[] {
  return [...properties.members]
    .filter(([name, { value }]) => !WITHOUT_NOTE.has(name) && !(name === 'Tags' && isOfSam(value)))
    .map(([name]) => name);
}

function isOfSam(tags: Node): boolean {
  const [only, ...more] = tags.kind === 'list' ? tags.items : [];
  return more.length === 0 && textOf(memberOf(only, 'Key')) === 'lambda:createdBy';
}

/** Whether the expansion of SAM has told of a function's events, which it names as the template does. */
function isToldOf(logicalId: string, { findings }: Deployment): boolean {
  return findings.some(({ text }) => text.startsWith(`${logicalId}: nothing here sends`));
}

/** Types that have a function called, by the property that names it. */
const EVENT_SOURCES: ReadonlyMap<string, string> = new Map([
  ['AWS::Lambda::EventSourceMapping', 'FunctionName'],
  ['AWS::Events::Rule', 'Targets'],
  ['AWS::Scheduler::Schedule', 'Target'],
  ['AWS::SNS::Subscription', 'Endpoint'],
  ['AWS::SNS::Topic', 'Subscription'],
  ['AWS::S3::Bucket', 'NotificationConfiguration'],
  ['AWS::Cognito::UserPool', 'LambdaConfig'],
  ['AWS::Logs::SubscriptionFilter', 'DestinationArn'],
  ['AWS::IoT::TopicRule', 'TopicRulePayload'],
]);

/** §7.8. */
function eventSourcesOf(functionId: string, resources: readonly SaidResource[]): readonly string[] {
  return resources
    .filter(({ type, references }) => references.get(EVENT_SOURCES.get(type) ?? '')?.has(functionId))
    .map(({ logicalId, type }) => `${logicalId} (${type})`);
}

/** §6.3. */
function issuerFindings(
  { stack, written }: MadeStack,
  resources: readonly SaidResource[],
  apis: readonly ApiCalls[],
  { request, context }: Deployment,
  surroundings: StackSurroundings,
): readonly Finding[] {
  const pools = resources.filter(({ type }) => type === POOL);
  return apis
    .flatMap(({ issuers }) => issuers)
    .flatMap(({ authorizer, issuer }): readonly Finding[] => {
      const pool = pools.find((each) => issuer.endsWith(`/${each.value('Ref')}`));
      if (pool === undefined || surroundings.namesIssuer(issuer)) return [];
      const document = [...written.values()].find(
        ({ Type, Properties }) => Type === `${V2}Authorizer` && Properties.Name === authorizer,
      );
      const resource = document && stack.resources.get(document.LogicalId);
      const { logicalId, type, offset } = resource ?? pool;
      const place = {
        logicalId: resource === undefined ? logicalId : stack.source.prefix + logicalId,
        type,
        offset,
      };
      if (!pool.isElsewhere) {
        const text = `${authorizer} trusts ${issuer}, and nobody is known to issue its tokens. Name the pool under stacks.${request.stackName}.resources.${pool.logicalId} of postern.yaml, or who stands for it under jwt.issuers.`;
        return [{ severity: 'warning', text, ...place }];
      }
      const id = pool.value('Ref')!;
      const region = id.slice(0, id.indexOf('_'));
      if (region === context.region) return [];
      const text = `${pool.logicalId} is the pool ${id} of ${region}, and the stack is in ${context.region}: what the template makes of both is no issuer’s URL`;
      return [{ severity: 'warning', text, ...place }];
    });
}

/** Names that a template gives, of what functions find in the real account (§7.7). */
const NAME_PROPERTIES: ReadonlyMap<string, string> = new Map([
  ['AWS::DynamoDB::Table', 'TableName'],
  ['AWS::DynamoDB::GlobalTable', 'TableName'],
  ['AWS::SQS::Queue', 'QueueName'],
  ['AWS::S3::Bucket', 'BucketName'],
  ['AWS::SNS::Topic', 'TopicName'],
]);

function realNames(
  resources: readonly SaidResource[],
  { reachesAws }: StackSurroundings,
): readonly Finding[] {
  if (!reachesAws) return [];
  const named = resources.filter(({ type, text }) => {
    const property = NAME_PROPERTIES.get(type);
    return property !== undefined && text(property) !== undefined;
  });
  if (named.length === 0) return [];
  const text = `Functions have AWS credentials and no AWS_ENDPOINT_URL, and the template gives names: ${listed(named)}. Code on this machine would use what has these names in the real account.`;
  return [{ severity: 'note', text }];
}
