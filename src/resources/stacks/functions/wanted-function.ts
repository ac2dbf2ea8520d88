// What a template wants of a function (spec/definitions.md §7): its properties as they are run, and where its code is.
import type { Evaluation } from '../../../definitions/evaluate/evaluation.ts';
import { type Finding, TemplateError, templateError } from '../../../definitions/finding.ts';
import { withLocalAddresses } from '../../../definitions/local-addresses.ts';
import { physicalName } from '../../../definitions/other-types/names.ts';
import { referencesOf } from '../../../definitions/references.ts';
import { convert } from '../../../definitions/schema/convert.ts';
import { NotKnown } from '../../../definitions/scope.ts';
import type { TemplateResource } from '../../../definitions/template.ts';
import type { CodePlace, CodeSource, LayerSource } from '../../../functions/code/code-source.ts';
import { RESERVED_VARIABLES } from '../../../functions/function-environment.ts';
import { MAX_CONCURRENCY } from '../../../functions/settings.ts';
import { type MapNode, type Member, memberOf, type Node, textOf } from '../../../tree/node.ts';
import { evaluatedProperties } from '../apply/evaluated-properties.ts';
import type { Deployment } from '../deployment.ts';
import type { LoadedStack } from '../load-stack.ts';
import { localEndpoints } from '../local-endpoints.ts';
import type { Desired } from '../stack-kind.ts';
import { type CodeMeans, type CodeProperty, codePlace } from './code-place.ts';
import { variablesOf } from './function-variables.ts';

/** Properties of the `Desired` of a function. */
export interface FunctionProperties {
  readonly FunctionName: string;
  /** The stack that was deployed, and the logical id in it: `Parent.Child` in a nested one. */
  readonly StackName: string;
  readonly LogicalId: string;
  readonly Source: CodeSource;
  readonly Environment: { readonly [name: string]: string };
  readonly Timeout?: number;
  readonly MemorySize?: number;
  /** Not there where no call could run. */
  readonly Concurrency?: number;
}

/** Properties that have an effect here; Environment is evaluated by itself, Layers are not by their values. */
const WITH_EFFECT = [
  'Code',
  'FunctionName',
  'Handler',
  'MemorySize',
  'PackageType',
  'ReservedConcurrentExecutions',
  'Runtime',
  'Timeout',
];

/** Nothing is said of these: what they say is used, or the role itself is told of. */
export const WITHOUT_NOTE: ReadonlySet<string> = new Set([...WITH_EFFECT, 'Environment', 'Layers', 'Role']);

const NAME_LENGTH = 64;

/** Throws TemplateError. */
export async function wantedFunction(
  resource: TemplateResource,
  evaluation: Evaluation,
  deployment: Deployment,
  stack: LoadedStack,
): Promise<Desired> {
  const { logicalId, type } = resource;
  const { name: stackName, prefix } = stack.source;
  const given = convertedProperties(resource, evaluation, stackName);
  for (const secret of evaluation.secrets) deployment.secrets.add(secret);
  const { account, region } = deployment.context;
  const name = given.FunctionName ?? physicalName({ account, region, stackName, logicalId }, NAME_LENGTH);
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    const text = `FunctionName is at most ${NAME_LENGTH} letters, digits, - and _: ${name}`;
    const path = `Resources.${logicalId}.Properties.FunctionName`;
    const offset = memberOf(resource.properties, 'FunctionName')?.offset;
    throw templateError(text, { logicalId, type, path, offset });
  }
  const template = given.Environment?.Variables ?? {};
  checkVariables(Object.keys(template), resource, LAMBDAS_OWN);
  const asked = askedVariables(name, prefix + logicalId, deployment);
  checkVariables(Object.keys(asked), resource, RESERVED_VARIABLES);
  const added = Object.keys(asked).filter((variable) => !Object.hasOwn(template, variable));
  if (added.length > 0) {
    const text = `${added.join(', ')} of --env-vars ${added.length > 1 ? 'are variables' : 'is a variable'} that the template does not have`;
    deployment.findings.push({ severity: 'note', text, logicalId: prefix + logicalId, type });
  }
  const { Timeout, MemorySize, ReservedConcurrentExecutions: reserved = 0 } = given;
  const properties: FunctionProperties = {
    FunctionName: name,
    StackName: deployment.request.stackName,
    LogicalId: prefix + logicalId,
    Source: sourceOf(resource, given, evaluation, deployment, stack),
    Environment: await withAddressesHere({ ...template, ...asked }, deployment),
    ...(Timeout !== undefined && { Timeout }),
    ...(MemorySize !== undefined && { MemorySize }),
    ...(reserved > 0 && { Concurrency: Math.min(reserved, MAX_CONCURRENCY) }),
  };
  return { properties: { ...properties } };
}

interface Given {
  readonly Code: CodeProperty;
  /** Why it is not there: `Zip.Bucket, which is not known here`. */
  readonly unknownCode?: string;
  readonly FunctionName?: string;
  readonly Handler?: string;
  readonly MemorySize?: number;
  readonly PackageType?: string;
  readonly ReservedConcurrentExecutions?: number;
  readonly Runtime?: string;
  readonly Timeout?: number;
  readonly Environment?: { readonly Variables?: { readonly [name: string]: string } };
}

function convertedProperties(resource: TemplateResource, evaluation: Evaluation, stackName: string): Given {
  const { logicalId, type, properties } = resource;
  const used = new Map(
    WITH_EFFECT.flatMap((name) => {
      const member = properties.members.get(name);
      return member === undefined ? [] : [[name, member] as const];
    }),
  );
  const code = used.get('Code');
  const { node, needs } = knownPlace(code?.value, evaluation, logicalId);
  if (code !== undefined) used.set('Code', { ...code, value: node ?? emptyMap(code.value) });
  const evaluated = evaluatedProperties(
    { ...resource, properties: { ...properties, members: used } },
    evaluation,
    stackName,
  );
  const members = new Map<string, Member>(evaluated.members);
  const { environment } = variablesOf(resource, evaluation);
  if (environment !== undefined)
    members.set('Environment', { keyOffset: environment.offset, value: environment });
  const converted = convert({ ...evaluated, members }, { logicalId, type })!;
  const given = converted.properties as unknown as Given;
  return needs === undefined ? given : { ...given, unknownCode: `${needs}, which is not known here` };
}

function emptyMap({ offset }: Node): MapNode {
  return { kind: 'map', offset, members: new Map() };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const LAMBDAS_OWN: readonly string[] = [
  ...RESERVED_VARIABLES,
  ...['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  ...['AWS_SESSION_TOKEN', 'LAMBDA_RUNTIME_DIR'],
];

/** Throws TemplateError with Lambda's texts. */
function checkVariables(
  names: readonly string[],
  { logicalId, type, properties }: TemplateResource,
  reserved: readonly string[],
): void {
  const texts: string[] = [];
  const taken = names.filter((name) => reserved.includes(name));
  if (taken.length > 0) {
    texts.push(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${taken.join(', ')}`,
    );
  }
  const wrong = names.filter((name) => !/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name));
  if (wrong.length > 0) {
    texts.push(
      `Names of environment variables are letters, digits and _, a letter first: ${wrong.join(', ')}`,
    );
  }
  const path = `Resources.${logicalId}.Properties.Environment`;
  const offset = memberOf(properties, 'Environment')?.offset;
  const findings: Finding[] = texts.map((text) => ({
    severity: 'error',
    text,
    logicalId,
    type,
    path,
    offset,
  }));
  if (findings.length > 0) throw new TemplateError(findings);
}

/** Those of --env-vars: of all functions, then of this one by its name, then by its logical id (§12.5). */
function askedVariables(
  name: string,
  logicalId: string,
  { request: { variables = {} } }: Deployment,
): { readonly [name: string]: string } {
  const own = ['Parameters', name, logicalId].map((key) =>
    Object.hasOwn(variables, key) ? variables[key] : {},
  );
  return Object.assign({}, ...own);
}

/** §1.6.2. */
async function withAddressesHere(
  variables: { readonly [name: string]: string },
  deployment: Deployment,
): Promise<{ readonly [name: string]: string }> {
  const entries: [string, string][] = [];
  for (const [name, value] of Object.entries(variables)) {
    entries.push([name, withLocalAddresses(value, await localEndpoints(deployment, value))]);
  }
  return Object.fromEntries(entries);
}

function sourceOf(
  resource: TemplateResource,
  { Code, Handler, PackageType, Runtime, unknownCode }: Given,
  evaluation: Evaluation,
  deployment: Deployment,
  stack: LoadedStack,
): CodeSource {
  const { metadata, properties } = resource;
  const means = codeMeans(deployment, stack);
  const image: CodeProperty = { ImageUri: Code.ImageUri ?? '' };
  const buildMethod = textOf(memberOf(metadata, 'BuildMethod'));
  const entryPoints = memberOf(memberOf(metadata, 'BuildProperties'), 'EntryPoints');
  const layers = layersOf(memberOf(properties, 'Layers'), evaluation, means, stack);
  return {
    from:
      unknownCode === undefined
        ? codePlace(PackageType === 'Image' ? image : Code, 'Code', metadata, means)
        : { kind: 'elsewhere', reason: `its Code needs ${unknownCode}` },
    ...(Runtime !== undefined && { runtime: Runtime }),
    ...(Handler !== undefined && { handler: Handler }),
    ...(buildMethod !== undefined && { buildMethod }),
    ...(entryPoints?.kind === 'list' && {
      entryPoints: entryPoints.items.flatMap((item) => textOf(item) ?? []),
    }),
    ...(layers.length > 0 && { layers }),
  };
}

function codeMeans(
  { request: { assets }, settings: { s3 } }: Deployment,
  { source }: LoadedStack,
): CodeMeans {
  return { directory: source.directory, assets, s3 };
}

const LAYER = 'AWS::Lambda::LayerVersion';

/** Those of the template by their logical ids, all others by what they are named as. */
function layersOf(
  node: Node | undefined,
  evaluation: Evaluation,
  means: CodeMeans,
  { resources }: LoadedStack,
): readonly LayerSource[] {
  if (node?.kind !== 'list') return [];
  return node.items.map((item, index) => {
    const [id = ''] = referencesOf(item, evaluation);
    const layer = resources.get(id);
    if (layer?.type !== LAYER) {
      const { node: named } = knownPlace(item, evaluation, id);
      return { name: textOf(named) ?? (id === '' ? `Layers.${index}` : id) };
    }
    const place = contentOf(layer, evaluation, means);
    return { name: id, ...(place.kind === 'path' && { path: place.path }) };
  });
}

function contentOf(
  { properties, metadata, logicalId }: TemplateResource,
  evaluation: Evaluation,
  means: CodeMeans,
): CodePlace {
  const { node: evaluated } = knownPlace(memberOf(properties, 'Content'), evaluation, logicalId);
  const path = textOf(evaluated);
  const members = evaluated?.kind === 'map' ? textsOf(evaluated) : {};
  return codePlace(path === undefined ? members : { Path: path }, 'Content', metadata, means);
}

/** Where code is, evaluated; or what that needs and nobody knows: it may be in a bucket that a custom resource fills. */
function knownPlace(
  place: Node | undefined,
  evaluation: Evaluation,
  logicalId: string,
): { readonly node?: Node | undefined; readonly needs?: string } {
  try {
    return { node: place && evaluation.evaluate(place, { logicalId }) };
  } catch (error) {
    if (error instanceof NotKnown) return { needs: error.what };
    throw error;
  }
}

function textsOf({ members }: MapNode): { readonly [name: string]: string } {
  return Object.fromEntries(
    Array.from(members, ([name, { value }]) => [name, textOf(value)] as const).filter(
      (entry): entry is readonly [string, string] => entry[1] !== undefined,
    ),
  );
}
