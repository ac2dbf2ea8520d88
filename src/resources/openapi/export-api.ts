// ExportApi: an API as an OpenAPI definition (spec/openapi.md §1.4, §10).
import type { FrozenApi } from '../../config/frozen.ts';
import { apiKeyOf, deploymentsOf, frozenKey, stagesOf } from '../../config/keys.ts';
import { invariant } from '../../defect.ts';
import { exportedDefinition } from '../../openapi/export/export-definition.ts';
import type {
  ExportedAuthorizer,
  ExportedIntegration,
  ExportedRoute,
  ExportOptions,
} from '../../openapi/export/exported-api.ts';
import { printDefinitionJson } from '../../openapi/export/print-json.ts';
import { printDefinitionYaml } from '../../openapi/export/print-yaml.ts';
import { badRequest, notFound } from '../../wire/errors.ts';
import type { Input } from '../../wire/operation.ts';
import type { ApiDocument } from '../api/api-document.ts';
import type { Handler, ReadContext } from '../context.ts';
import { documentsOf } from '../deployment/freeze.ts';
import { mappingsOfStage } from '../domain/mapped.ts';
import { type IntegrationDocument, printIntegration } from '../integration/integration-document.ts';
import { checkOneOf } from '../limits.ts';
import { requirePath } from '../resource-path.ts';
import { givenTags } from '../tags/tag-rules.ts';
import { Breath } from './breath.ts';

/** AWS speaks of deploying because it exports a snapshot. A route without target is enough (Choice O2). */
const NO_ROUTES = 'Unable to deploy API because no routes exist in this API';

interface Snapshot extends Pick<ExportOptions, 'stamp' | 'server'> {
  readonly documents: FrozenApi;
}

export const exportApi: Handler<'ExportApi'> = async (input, context) => {
  const [api] = (await requirePath('ExportApi', input, context)) as unknown as readonly [ApiDocument];
  checkOneOf('specification', input.Specification, ['OAS30']);
  checkOneOf('outputType', input.OutputType, ['JSON', 'YAML']);
  checkOneOf('exportVersion', input.ExportVersion, ['1.0']);
  if (api.ProtocolType === 'WEBSOCKET') {
    throw badRequest('ExportApi is not supported for protocolType WEBSOCKET');
  }
  const { documents, stamp, server } = await snapshotOf(api, input, context);
  if (documents.Routes.length === 0) throw badRequest(NO_ROUTES);
  // What has nothing to do with deployments is that of now (Choice O50).
  const { Name, Description, Version, Tags } = api;
  const definition = exportedDefinition(
    {
      api: {
        ...(documents.Api as unknown as ApiDocument),
        Name,
        Description,
        Version,
        Tags: givenTags(Tags),
      },
      routes: documents.Routes as unknown as readonly ExportedRoute[],
      integrations: documents.Integrations.map(
        (each) => printIntegration(each as unknown as IntegrationDocument, 'HTTP') as ExportedIntegration,
      ),
      authorizers: (documents.Authorizers ?? []) as unknown as readonly ExportedAuthorizer[],
    },
    { includeExtensions: input.IncludeExtensions ?? true, stamp, server },
  );
  const print = input.OutputType === 'YAML' ? printDefinitionYaml : printDefinitionJson;
  return { body: await textOf(print(definition)) };
};

/** The pieces as one text, with a breath now and then. */
async function textOf(pieces: Iterable<string>): Promise<string> {
  const breath = new Breath();
  let text = '';
  for (const piece of pieces) {
    await breath.draw();
    text += piece;
  }
  return text;
}

/** What is exported: of a stage what its deployment froze, else what is stored now (§10.9). */
async function snapshotOf(
  api: ApiDocument,
  { StageName }: Input<'ExportApi'>,
  context: ReadContext,
): Promise<Snapshot> {
  const { tx, now } = context;
  const apiKey = apiKeyOf(context, api.ApiId);
  if (StageName === undefined) {
    return { documents: await documentsOf(context, apiKey, api), stamp: now, server: undefined };
  }
  const stage = await tx.get([...stagesOf(apiKey), StageName]);
  if (stage === undefined) throw notFound('Invalid stage identifier specified');
  if (stage.DeploymentId === undefined) throw badRequest(`Stage ${StageName} has no deployment to export`);
  const deploymentId = String(stage.DeploymentId);
  const deployment = await tx.get([...deploymentsOf(apiKey), deploymentId]);
  const documents = (await tx.get(frozenKey(apiKey, deploymentId))) as unknown as FrozenApi | undefined;
  invariant(deployment !== undefined && documents !== undefined, 'a stage has a deployment that is there');
  return {
    documents,
    stamp: new Date(String(deployment.CreatedDate)),
    server: await serverOf(documents.Api as unknown as ApiDocument, StageName, context),
  };
}

/** Where clients call the stage: at its API's endpoint, or at its first mapping where that endpoint is disabled
 *  (Choice O46). */
async function serverOf(
  { ApiId, ProtocolType, DisableExecuteApiEndpoint }: ApiDocument,
  stageName: string,
  context: ReadContext,
): Promise<ExportOptions['server']> {
  if (DisableExecuteApiEndpoint) {
    const mappings = await mappingsOfStage(context, ApiId, stageName);
    const [first] = mappings.toSorted(
      (a, b) => compare(a.domainName, b.domainName) || compare(a.mappingKey, b.mappingKey),
    );
    if (first !== undefined) return { url: `https://${first.domainName}`, basePath: first.mappingKey };
  }
  const basePath = stageName === '$default' ? '' : stageName;
  return { url: context.endpoint(ApiId, ProtocolType), basePath };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
