// Where everything is in the store: all keys and all names of indexes. A resource's key is its path of the management API
// below /v2/, behind account and region. Collections that are no resource's path begin with `-`, but for what a deployment
// froze; they go with the document that they are below.
//
//   {account}/{region}/
//     apis/{ApiId}
//       routes/{RouteId}
//         routeresponses/{RouteResponseId}
//       integrations/{IntegrationId}
//         integrationresponses/{IntegrationResponseId}
//       authorizers/{AuthorizerId}
//       models/{ModelId}
//       stages/{StageName}
//         -authorizers/cache                the generation of its authorizers' caches
//       deployments/{DeploymentId}
//         frozen/content                    what it serves (frozen.ts)
//         frozen/documentation              what is said of it
//       -route-keys/{shape}                 the route that holds a shape of route key
//       -targets/{IntegrationId}/routes/{RouteId}   the routes that target an integration
//       -deployments/automatic              the ids of the automatic ones
//       -documentation/current              what its OpenAPI definition says of its routes, for portals
//       -body/current                       what the body of a stack's Api made of it
//     domainnames/{DomainName}
//       apimappings/{ApiMappingId}
//       routingrules/{RoutingRuleId}
//     vpclinks/{VpcLinkId}
//     stacks/{StackName}                  what a definition was deployed as
//       resources/{LogicalId}             what became of each of its resources
//       -template/current                 the text that it was deployed from
//       -changesets/{ChangeSetName}       deploys that were planned for it
//     -exports/{name}                     the stack that exports a name, and the value
//     -ssm-parameters/{name}              the value of a parameter that a stack has
//   -/-/                                    of the whole installation
//     apis/{ApiId}                          whose each API is
//     domainnames/{region}/{DomainName}     whose each custom domain is; the id is one segment
//     functions/{account}/{region}/{FunctionName}   the functions of stacks (function-document.ts); the id is one segment
//
// The key of a document is that of its collection and its id: [...routesOf(apiKey), routeId].

/** Path segments, not yet encoded. The store's own type is the same. */
type Key = readonly string[];

/** Whose documents they are. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface ApiPlace extends Place {
  readonly apiId: string;
}

export interface DomainPlace extends Place {
  readonly name: string;
}

const INSTALLATION: Key = ['-', '-'];

/** Every API of the installation, by its id, which is unique in it: documents { Account, Region }. */
export const API_INDEX: Key = [...INSTALLATION, 'apis'];

/** Every custom domain name of the installation: documents { Account, Region, DomainName }. */
export const DOMAIN_INDEX: Key = [...INSTALLATION, 'domainnames'];

/** Where the index has a domain: each region may have the name once. */
export function domainIndexKey(region: string, name: string): Key {
  return [...DOMAIN_INDEX, `${region}/${name}`];
}

/** Every function that a stack has, in the whole installation: FunctionDocuments. */
export const FUNCTIONS: Key = [...INSTALLATION, 'functions'];

export function functionKeyOf({ account, region }: Place, name: string): Key {
  return [...FUNCTIONS, `${account}/${region}/${name}`];
}

/** Whether the document of a key is that of a function. */
export function isFunction([account, , collection]: Key): boolean {
  return account === '-' && collection === 'functions';
}

export function apisOf({ account, region }: Place): Key {
  return [account, region, 'apis'];
}

/** Where an API is stored; what belongs to it is stored below. */
export function apiKeyOf(place: Place, apiId: string): Key {
  return [...apisOf(place), apiId];
}

/** The key of the API that a key leads to, or below. */
export function apiKeyAbove(key: Key): Key {
  return key.slice(0, 4);
}

/** The collection that the key of a document is in. */
export function collectionOf(key: Key): Key {
  return key.slice(0, -1);
}

export function routesOf(apiKey: Key): Key {
  return [...apiKey, 'routes'];
}

export function routeResponsesOf(apiKey: Key, routeId: string): Key {
  return [...routesOf(apiKey), routeId, 'routeresponses'];
}

export function integrationsOf(apiKey: Key): Key {
  return [...apiKey, 'integrations'];
}

export function integrationResponsesOf(apiKey: Key, integrationId: string): Key {
  return [...integrationsOf(apiKey), integrationId, 'integrationresponses'];
}

export function authorizersOf(apiKey: Key): Key {
  return [...apiKey, 'authorizers'];
}

export function modelsOf(apiKey: Key): Key {
  return [...apiKey, 'models'];
}

export function stagesOf(apiKey: Key): Key {
  return [...apiKey, 'stages'];
}

/** A document { Generation } of a stage: another after each ResetAuthorizersCache. */
export function authorizerCacheKey(apiKey: Key, stageName: string): Key {
  return [...stagesOf(apiKey), stageName, '-authorizers', 'cache'];
}

export function deploymentsOf(apiKey: Key): Key {
  return [...apiKey, 'deployments'];
}

/** What a deployment serves: a FrozenApi. */
export function frozenKey(apiKey: Key, deploymentId: string): Key {
  return [...deploymentsOf(apiKey), deploymentId, 'frozen', 'content'];
}

/** What was said of what a deployment serves: what is at `documentationKey` when it was made. */
export function frozenDocumentationKey(apiKey: Key, deploymentId: string): Key {
  return [...deploymentsOf(apiKey), deploymentId, 'frozen', 'documentation'];
}

/** What the OpenAPI definition of an API says of its routes (frozen.ts). */
export function documentationKey(apiKey: Key): Key {
  return [...apiKey, '-documentation', 'current'];
}

/** What the body that a stack gives an API made: { Parts, Warnings } (spec/definitions.md §5.2). */
export function madeOfBodyKey(apiKey: Key): Key {
  return [...apiKey, '-body', 'current'];
}

/** The document { Ids } of an API's automatic deployments, oldest first. */
export function automaticDeploymentsKey(apiKey: Key): Key {
  return [...apiKey, '-deployments', 'automatic'];
}

/** The route whose key has a shape, the text that keys of two routes may not share: { RouteId, RouteKey }. */
export function routeShapeKey(apiKey: Key, shape: string): Key {
  return [...apiKey, '-route-keys', shape];
}

/** The routes that target an integration, by their ids, in the order in which they came to do so: empty documents. */
export function routesTargetingOf(apiKey: Key, integrationId: string): Key {
  return [...apiKey, '-targets', integrationId, 'routes'];
}

export function domainNamesOf({ account, region }: Place): Key {
  return [account, region, 'domainnames'];
}

/** Where a custom domain is stored; its mappings and rules are stored below. */
export function domainKeyOf(place: Place, name: string): Key {
  return [...domainNamesOf(place), name];
}

export function apiMappingsOf(domainKey: Key): Key {
  return [...domainKey, 'apimappings'];
}

export function routingRulesOf(domainKey: Key): Key {
  return [...domainKey, 'routingrules'];
}

export function vpcLinksOf({ account, region }: Place): Key {
  return [account, region, 'vpclinks'];
}

export function stacksOf({ account, region }: Place): Key {
  return [account, region, 'stacks'];
}

/** Where a stack is stored; its resources are stored below. */
export function stackKeyOf(place: Place, name: string): Key {
  return [...stacksOf(place), name];
}

/** The text of the template that a stack was last deployed from: { Text }. */
export function stackTemplateKey(place: Place, name: string): Key {
  return [...stackKeyOf(place, name), '-template', 'current'];
}

/** Deploys that were planned for a stack, which may not be there yet (resources/stacks/change-sets.ts). */
export function changeSetsOf(place: Place, stackName: string): Key {
  return [...stackKeyOf(place, stackName), '-changesets'];
}

export function stackResourcesOf(place: Place, name: string): Key {
  return [...stackKeyOf(place, name), 'resources'];
}

/** What stacks of the account and region export, by its name: { Stack, Value }. */
export function exportsOf({ account, region }: Place): Key {
  return [account, region, '-exports'];
}

/** The SSM parameters of stacks, by their names: { Stack, Value }. */
export function ssmParametersOf({ account, region }: Place): Key {
  return [account, region, '-ssm-parameters'];
}

/** The API that requests meet another way when the document of a key changes: its own document, or what is in its stages.
 *  What is below its deployments is met by a change of a stage. */
export function apiServedBy([account, region, collection, apiId, below]: Key): ApiPlace | undefined {
  if (account === '-' || collection !== 'apis' || apiId === undefined) return undefined;
  if (below !== undefined && below !== 'stages') return undefined;
  return { account: account!, region: region!, apiId };
}

/** The custom domain that the document of a key belongs to. */
export function domainServedBy([account, region, collection, name]: Key): DomainPlace | undefined {
  if (account === '-' || collection !== 'domainnames' || name === undefined) return undefined;
  return { account: account!, region: region!, name };
}
