// Models of WebSocket APIs (spec/management-api.md §2.7).
import { apiKeyAbove, collectionOf, routesOf } from '../../config/keys.ts';
import type { Key } from '../../store/store.ts';
import { SchemaError } from '../../websocket-api/models/json-schema/schema-error.ts';
import { compileModel } from '../../websocket-api/models/model.ts';
import { badRequest, conflict } from '../../wire/errors.ts';
import type { Input } from '../../wire/operation.ts';
import type { ApiDocument } from '../api/api-document.ts';
import type { Handler } from '../context.ts';
import { listAll } from '../document-list.ts';
import { checkLength } from '../limits.ts';
import { clearable } from '../patch.ts';
import { resource } from '../resource.ts';
import { requirePath } from '../resource-path.ts';
import type { RouteDocument } from '../route/route.ts';
import type { Draft, Scope } from '../rules.ts';

interface ModelDocument extends Omit<Input<'CreateModel'>, 'ApiId'> {
  readonly ModelId: string;
  readonly Name: string;
  readonly Schema: string;
}

type ModelScope = Scope<ModelDocument, readonly [ApiDocument]>;

const MAX_SCHEMA = 32_768;

export const models = resource<'Model', ModelDocument, readonly [ApiDocument]>('Model', {
  idLength: 6,
  patch: { Description: clearable },
  settle,
  // What no route names checks nothing.
  deploys: ['update'],
  async refuseDelete({ Name }, { context, key }) {
    const route = await routeWith(context, key, Name);
    if (route !== undefined) {
      throw conflict(`Cannot delete model '${Name}', is referenced in route: ${route.RouteKey}`);
    }
  },
});

/** GetModelTemplate: a template that passes a body of the model on. What AWS generates is not known. */
export const getModelTemplate: Handler<'GetModelTemplate'> = async (input, context) => {
  await requirePath('GetModelTemplate', input, context);
  return { Value: "#set($inputRoot = $input.path('$'))\n$input.json('$')" };
};

async function settle(draft: Draft<ModelDocument>, scope: ModelScope): Promise<ModelDocument> {
  const { context, key, id, path } = scope;
  const previous = scope.previous ?? scope.rewritten;
  if (path[0].ProtocolType === 'HTTP') {
    throw badRequest('Currently, Models are not permitted for APIs with a protocol type of HTTP');
  }
  const { Name = '', Schema = '' } = draft;
  checkLength('name', Name, 1, 128);
  if (!/^[A-Za-z0-9]+$/.test(Name)) throw badRequest(`Model name must be alphanumeric: ${Name}`);
  checkLength('description', draft.Description, 0, 1024);
  checkLength('contentType', draft.ContentType, 1, 256);
  checkLength('schema', Schema, 0, MAX_SCHEMA);
  checkSchema(Schema);
  const others = await listAll<ModelDocument>(context.tx, collectionOf(key));
  if (others.some((each) => each.Name === Name && each.ModelId !== id)) {
    throw conflict('Model name already exists for this API');
  }
  if (previous !== undefined && previous.Name !== Name) {
    const route = await routeWith(context, key, previous.Name);
    if (route !== undefined) {
      throw conflict(`Cannot rename model '${previous.Name}', is referenced in route: ${route.RouteKey}`);
    }
  }
  return { ...draft, ModelId: id, Name, Schema };
}

function checkSchema(schema: string): void {
  try {
    compileModel(schema);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw badRequest(
      `Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified. ${error.message}]`,
    );
  }
}

async function routeWith(
  { tx }: ModelScope['context'],
  modelKey: Key,
  name: string,
): Promise<RouteDocument | undefined> {
  const routes = await listAll<RouteDocument>(tx, routesOf(apiKeyAbove(modelKey)));
  return routes.find(({ RequestModels = {} }) => Object.values(RequestModels).includes(name));
}
