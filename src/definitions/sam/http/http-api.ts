// `AWS::Serverless::HttpApi` (spec/definitions.md §8.4).

import { apiStage } from '../api-stage.ts';
import { domainResources } from '../domain.ts';
import {
  entries,
  get,
  isMap,
  isTruthy,
  madeMap,
  type Plain,
  set,
  stringOf,
  type Tree,
  type TreeMap,
  truthyMember,
} from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import { idHash, isAlphanumeric } from '../ids.ts';
import { isNoValue } from '../intrinsics.ts';
import { type Blame, blameResource, expectString } from '../invalid.ts';
import { bodyLocation } from '../locations.ts';
import { authorizerPermissions } from '../permissions.ts';
import { joined, type Resource, type SamResource } from '../resource.ts';
import { addCors, checkCredentials, readCors } from './cors.ts';
import { type HttpAuthorizer, httpAuthorizers } from './http-authorizers.ts';
import {
  addEndpointConfiguration,
  addSecuritySchemes,
  addTags,
  deepMember,
  isOpenApi,
  isSkeletonTitle,
  openApiDocument,
  setDefaultSecurity,
  setInfo,
} from './openapi-editor.ts';

const CREATED_BY = { 'httpapi:createdBy': 'SAM' };
const AUTH_MEMBERS = ['Authorizers', 'DefaultAuthorizer', 'EnableIamAuthorizer'];

export function expandHttpApi(api: SamResource, expansion: Expansion): Resource[] {
  const { logicalId, properties, passedOn, offset } = api;
  const blame = blameResource(logicalId, offset);
  const uri = truthyMember(properties, 'DefinitionUri');
  const body = truthyMember(properties, 'DefinitionBody');
  if (uri !== undefined && body !== undefined) {
    throw blame("Specify either 'DefinitionUri' or 'DefinitionBody' property and not both.", uri);
  }
  editCors(expansion.parameters.resolved(get(properties, 'CorsConfiguration')), body, blame);
  const authorizers = editAuth(truthyMember(properties, 'Auth'), body, expansion, blame);
  const tags = editTags(api, body, blame);
  editDescriptions(properties, body, blame);
  const failsOnWarnings = truthyMember(properties, 'FailOnWarnings');
  if (failsOnWarnings !== undefined && isMap(body)) moveDefaultPath(body);
  if (uri === undefined && body === undefined) {
    throw blame(
      "'DefinitionUri' or 'DefinitionBody' are required properties of an 'AWS::Serverless::HttpApi'. Add a value for one of these properties or add a 'HttpApi' event to an 'AWS::Serverless::Function'.",
    );
  }
  const domain = domainResources(expansion.parameters.resolved(get(properties, 'Domain')), {
    logicalId,
    passedOn,
    tags: tags ?? CREATED_BY,
    blame,
    recordSetGroups: expansion.recordSetGroups,
  });
  return [
    {
      logicalId,
      type: 'AWS::ApiGatewayV2::Api',
      attributes: api.attributes,
      dependsOn: api.dependsOn,
      offset,
      properties: {
        Body: body,
        BodyS3Location: uri === undefined ? undefined : bodyLocation(uri, 'DefinitionUri', blame),
        FailOnWarnings: failsOnWarnings,
      },
    },
    ...authorizerPermissions(authorizers.values(), api),
    ...domain,
    stage(api, tags),
  ];
}

function editCors(cors: Tree | undefined, body: Tree | undefined, blame: Blame): void {
  if (!isTruthy(cors)) return;
  if (body === undefined) {
    throw blame("Cors works only with inline OpenApi specified in 'DefinitionBody' property.", cors);
  }
  const read = readCors(cors, blame);
  if (!isOpenApi(body)) throw blame(notAnOpenApi('add Cors configuration'), body);
  checkCredentials(read, blame);
  addCors(openApiDocument(body), read);
}

function notAnOpenApi(what: string): string {
  return `Unable to ${what} because 'DefinitionBody' does not contain a valid OpenApi definition.`;
}

function editAuth(
  auth: Tree | undefined,
  body: Tree | undefined,
  { partition }: Expansion,
  blame: Blame,
): Map<string, HttpAuthorizer> {
  if (auth === undefined) return new Map();
  if (body === undefined) {
    throw blame("Auth works only with inline OpenApi specified in the 'DefinitionBody' property.", auth);
  }
  if (!isMap(auth) || entries(auth).some(([key]) => !AUTH_MEMBERS.includes(key))) {
    throw blame("Invalid value for 'Auth' property", auth);
  }
  if (!isOpenApi(body)) throw blame(notAnOpenApi('add Auth configuration'), body);
  const document = openApiDocument(body);
  const authorizers = httpAuthorizers(auth, partition, blame);
  const schemes = madeMap(auth.offset, {});
  for (const { name, scheme } of authorizers.values()) set(schemes, name, scheme);
  addSecuritySchemes(document, schemes);
  const given = get(auth, 'DefaultAuthorizer');
  if (!isTruthy(given) || isNoValue(given)) return authorizers;
  const name = expectString(given, 'Auth.DefaultAuthorizer', blame);
  const authorizer = authorizers.get(name);
  if (authorizer === undefined) {
    throw blame(`Unable to set DefaultAuthorizer because '${name}' was not defined in 'Authorizers'.`, given);
  }
  setDefaultSecurity(document, name, authorizer.scopes);
  return authorizers;
}

/** The tags of the document, which the stage and the domain get too; undefined where the body is no document that could have them. */
function editTags(
  { properties, offset }: SamResource,
  body: Tree | undefined,
  blame: Blame,
): TreeMap | undefined {
  const given = truthyMember(properties, 'Tags');
  if (given !== undefined && body === undefined) {
    throw blame("Tags works only with inline OpenApi specified in the 'DefinitionBody' property.", given);
  }
  if (body === undefined) return undefined;
  if (!isOpenApi(body)) {
    if (given === undefined) return undefined;
    throw blame(notAnOpenApi('add `Tags`'), body);
  }
  const tags = joined(offset, given, madeMap(offset, CREATED_BY));
  addTags(openApiDocument(body), tags);
  return tags;
}

/** DisableExecuteApiEndpoint, Name and Description. */
function editDescriptions(properties: TreeMap, body: Tree | undefined, blame: Blame): void {
  const isDisabled = get(properties, 'DisableExecuteApiEndpoint');
  if (isDisabled !== undefined) {
    if (body === undefined) {
      throw blame("DisableExecuteApiEndpoint works only within 'DefinitionBody' property.", isDisabled);
    }
    addEndpointConfiguration(openApiDocument(body), isDisabled);
  }
  const name = truthyMember(properties, 'Name');
  if (name !== undefined) {
    const title = infoMember(body, 'Name', 'title', name, blame);
    if (!isSkeletonTitle(title)) throw alreadyDefined('Name', name, blame);
    setInfo(openApiDocument(body), 'title', name);
  }
  const description = truthyMember(properties, 'Description');
  if (description !== undefined) {
    const known = infoMember(body, 'Description', 'description', description, blame);
    if (isTruthy(known)) throw alreadyDefined('Description', description, blame);
    setInfo(openApiDocument(body), 'description', description);
  }
}

function infoMember(
  body: Tree | undefined,
  property: 'Name' | 'Description',
  member: string,
  given: Tree,
  blame: Blame,
): Tree | undefined {
  if (body === undefined) {
    throw blame(
      `${property} works only with inline OpenApi specified in the 'DefinitionBody' property.`,
      given,
    );
  }
  // The quote that opens nowhere is AWS SAM's.
  const end = property === 'Name' ? '.' : "'.";
  return deepMember(body, 'info', member, (text) => blame(`Invalid 'DefinitionBody': ${text}${end}`, body));
}

function alreadyDefined(property: string, given: Tree, blame: Blame): Error {
  return blame(
    `Unable to set ${property} because it is already defined within inline OpenAPI specified in the 'DefinitionBody' property.`,
    given,
  );
}

/** With FailOnWarnings, the path of the default route is one that OpenAPI knows. */
function moveDefaultPath(body: TreeMap): void {
  const paths = get(body, 'paths');
  if (!isMap(paths)) return;
  const moved = paths.members.get('$default');
  if (moved === undefined) return;
  paths.members.delete('$default');
  paths.members.set('/$default', moved);
}

/** Always there (§8.4.1). */
function stage(api: SamResource, tags: Plain): Resource {
  const { logicalId, properties } = api;
  const name = truthyMember(properties, 'StageName') ?? '$default';
  const id = stageId(logicalId, typeof name === 'string' ? name : stringOf(name));
  return apiStage(api, id, name, tags);
}

function stageId(logicalId: string, name = ''): string {
  if (isAlphanumeric(name)) return `${logicalId}${name}Stage`;
  if (name === '$default') return `${logicalId}ApiGatewayDefaultStage`;
  return `${logicalId}Stage${idHash(name)}`;
}
