// An import for the command line: what ImportApi and ReimportApi do, told with places and with what becomes of the API, or only told.
import { apiKeyOf, stagesOf } from '../../config/keys.ts';
import { type Definition, DefinitionError, type Line } from '../../openapi/definition.ts';
import type { Store } from '../../store/store.ts';
import { positionsIn } from '../../tree/node.ts';
import { apis } from '../api/api.ts';
import type { Context } from '../context.ts';
import { listAll } from '../document-list.ts';
import type { StageDocument } from '../stage/stage-document.ts';
import { type Applied, applyDefinition } from './apply-definition.ts';
import type { ImportAnswer, ImportDone, ImportRefused, ImportRequest, PlacedLine } from './import-answer.ts';
import { warningsError } from './import-api.ts';
import { type ApiResources, changesBetween, resourcesOf } from './import-plan.ts';
import { readImport } from './read-import.ts';

/** Throws ServiceErrors for what is no mistake of the document. */
export async function importWithPlaces(
  request: ImportRequest,
  store: Store,
  means: Omit<Context, 'tx'>,
): Promise<ImportAnswer> {
  const { body, apiId, basePath } = request;
  const places = new Places(body);
  try {
    const given = { Body: body, ...(apiId && { ApiId: apiId }), ...(basePath && { Basepath: basePath }) };
    const { account, region, outside = {} } = means;
    const definition = await readImport(given, { account, region, store, outside });
    return await store.transact((tx) => apply(request, definition, { ...means, tx }, places));
  } catch (error) {
    if (error instanceof RolledBack) return error.answer;
    if (error instanceof DefinitionError) return places.refused(error);
    throw error;
  }
}

/** Ends the transaction so that nothing of it stays. */
class RolledBack extends Error {
  readonly answer: ImportAnswer;

  constructor(answer: ImportAnswer) {
    super('nothing is kept');
    this.answer = answer;
  }
}

async function apply(
  { apiId, failOnWarnings = false, dryRun = false }: ImportRequest,
  definition: Definition,
  context: Context,
  places: Places,
): Promise<ImportDone> {
  const stages = apiId === undefined ? [] : await stagesBelow(context, apiId);
  const deployedBefore = new Set(stages.map(({ DeploymentId }) => DeploymentId));
  const before: ApiResources = apiId === undefined ? new Map() : await resourcesOf(context, apiId);
  const applied = await applyDefinition(context, definition, apiId);
  if (failOnWarnings && applied.warnings.length > 0) throw new RolledBack(places.refusedForWarnings(applied));
  const { Name, ApiEndpoint } = await apis.operations.GetApi({ ApiId: applied.apiId }, context);
  const isToBe = dryRun && apiId === undefined;
  const done: ImportDone = {
    outcome: dryRun ? 'planned' : 'imported',
    api: {
      apiId: isToBe ? undefined : applied.apiId,
      name: Name!,
      endpoint: isToBe ? undefined : ApiEndpoint,
    },
    ...changesBetween(before, await resourcesOf(context, applied.apiId)),
    stages: await followingStages(context, applied.apiId, deployedBefore),
    ...places.linesOf(applied),
  };
  if (dryRun) throw new RolledBack(done);
  return done;
}

const stagesBelow = (context: Context, apiId: string): Promise<readonly StageDocument[]> =>
  listAll<StageDocument>(context.tx, stagesOf(apiKeyOf(context, apiId)));

async function followingStages(
  context: Context,
  apiId: string,
  deployedBefore: ReadonlySet<string | undefined>,
): Promise<ImportDone['stages']> {
  const following = (await stagesBelow(context, apiId)).filter(({ AutoDeploy }) => AutoDeploy === true);
  return following.map(({ StageName, DeploymentId, LastDeploymentStatusMessage }) => ({
    name: StageName,
    problem: deployedBefore.has(DeploymentId) ? LastDeploymentStatusMessage : undefined,
  }));
}

/** Lines and errors with the places that their offsets have in a text. */
class Places {
  readonly #positionAt: ReturnType<typeof positionsIn>;

  constructor(text: string) {
    this.#positionAt = positionsIn(text);
  }

  linesOf({ warnings, info }: Pick<Applied, 'warnings' | 'info'>) {
    return {
      warnings: warnings.map((line) => this.#placed(line)),
      info: info.map((line) => this.#placed(line)),
    };
  }

  refused({ message, offset, detail }: DefinitionError): ImportRefused {
    const problem = { text: message, ...this.#positionAt(offset), detail };
    return { outcome: 'refused', message, errors: [problem], warnings: [], info: [] };
  }

  refusedForWarnings(applied: Applied): ImportRefused {
    const { message } = warningsError(applied.warnings);
    return { outcome: 'refused', message, errors: [], ...this.linesOf(applied) };
  }

  #placed({ text, offset }: Line): PlacedLine {
    return { text, ...this.#positionAt(offset) };
  }
}
