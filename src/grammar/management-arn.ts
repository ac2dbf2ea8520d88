// ARNs of API Gateway's own resources, and of their execution (spec/management-api.md §1.8).
import { GrammarError } from './grammar-error.ts';

/** The resources that have ARNs: paths with a `{}` for each identifier. What the last `{}` stands for may hold slashes. */
const PATHS = {
  api: 'apis/{}',
  cors: 'apis/{}/cors',
  stage: 'apis/{}/stages/{}',
  accessLogSettings: 'apis/{}/stages/{}/accesslogsettings',
  routeSettings: 'apis/{}/stages/{}/routesettings/{*}',
  authorizersCache: 'apis/{}/stages/{}/cache/authorizers',
  route: 'apis/{}/routes/{}',
  requestParameter: 'apis/{}/routes/{}/requestparameters/{*}',
  routeResponse: 'apis/{}/routes/{}/routeresponses/{}',
  integration: 'apis/{}/integrations/{}',
  integrationResponse: 'apis/{}/integrations/{}/integrationresponses/{}',
  authorizer: 'apis/{}/authorizers/{}',
  deployment: 'apis/{}/deployments/{}',
  model: 'apis/{}/models/{}',
  modelTemplate: 'apis/{}/models/{}/template',
  export: 'apis/{}/exports/{}',
  domainName: 'domainnames/{}',
  apiMapping: 'domainnames/{}/apimappings/{}',
  routingRule: 'domainnames/{}/routingrules/{}',
  vpcLink: 'vpclinks/{}',
  tags: 'tags/{*}',
  portal: 'portals/{}',
  portalProduct: 'portalproducts/{}',
  productPage: 'portalproducts/{}/productpages/{}',
  productRestEndpointPage: 'portalproducts/{}/productrestendpointpages/{}',
} as const;

export type ManagementResource = keyof typeof PATHS;

/** Resources whose ARN names the account. */
const WITH_ACCOUNT: ReadonlySet<ManagementResource> = new Set([
  'routingRule',
  'portal',
  'portalProduct',
  'productPage',
  'productRestEndpointPage',
]);

export interface ManagementArn {
  readonly partition: string;
  readonly region: string;
  /** Empty but for the newer families. */
  readonly account: string;
  readonly resource: ManagementResource;
  /** The identifiers in the path, from left to right. */
  readonly ids: readonly string[];
}

const FORMS = (Object.keys(PATHS) as ManagementResource[]).map((resource) => ({
  resource,
  path: new RegExp(`^${PATHS[resource].replaceAll('{}', '([^/]+)').replace('{*}', '(.+)')}$`, 's'),
}));
const ARN = /^arn:(aws[a-z-]*):apigateway:([a-z0-9-]+):([0-9]{12})?:\/(.+)$/s;

/** Parses the ARN of a resource of the management API. Throws GrammarError. */
export function parseManagementArn(text: string): ManagementArn {
  const match = ARN.exec(text);
  if (match !== null) {
    const [, partition, region, account = '', path] = match;
    for (const form of FORMS) {
      const ids = form.path.exec(path!)?.slice(1);
      if (ids === undefined || WITH_ACCOUNT.has(form.resource) !== (account !== '')) continue;
      return { partition: partition!, region: region!, account, resource: form.resource, ids };
    }
  }
  throw new GrammarError('Invalid ARN specified in the request');
}

export function printManagementArn({ partition, region, account, resource, ids }: ManagementArn): string {
  let next = 0;
  const path = PATHS[resource].replaceAll(/\{\*?\}/g, () => ids[next++] ?? '');
  return `arn:${partition}:apigateway:${region}:${account}:/${path}`;
}

/** What may be invoked: an API, or behind it `/{stage}/{METHOD}{path}`, `/{stage}/{routeKey}`, `/authorizers/{id}`. */
export interface ExecutionArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly apiId: string;
  /** Beginning with `/`, or empty. */
  readonly path: string;
}

const EXECUTION = /^arn:(aws[a-z-]*):execute-api:([a-z0-9-]+):([0-9]{12}):([^/:]+)(\/.*)?$/s;

/** Parses an execution ARN. Throws GrammarError. */
export function parseExecutionArn(text: string): ExecutionArn {
  const match = EXECUTION.exec(text);
  if (match === null) throw new GrammarError('Invalid ARN specified in the request');
  const [, partition, region, account, apiId, path = ''] = match;
  return { partition: partition!, region: region!, account: account!, apiId: apiId!, path };
}

export function printExecutionArn({ partition, region, account, apiId, path }: ExecutionArn): string {
  return `arn:${partition}:execute-api:${region}:${account}:${apiId}${path}`;
}

/** By the beginning of a region's name: its partition, and the end of its services' host names (spec/definitions.md §3.1.8). */
const PARTITIONS: readonly (readonly [prefix: string, partition: string, suffix: string])[] = [
  ['cn-', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-', 'aws-us-gov', 'amazonaws.com'],
  ['us-iso-', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-', 'aws-iso-f', 'csp.hci.ic.gov'],
  ['eusc-', 'aws-eusc', 'amazonaws.eu'],
];

/** The partition that a region is in. */
export function partitionOf(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

/** The end of host names of services in a region: `amazonaws.com`. */
export function hostSuffixOf(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[2] ?? 'amazonaws.com';
}
