// Integration responses of WebSocket APIs (spec/management-api.md §2.4).
import { collectionOf } from '../../config/keys.ts';
import { badResponseKey, parseResponseKey } from '../../grammar/response-key.ts';
import { parseSelectionExpression } from '../../grammar/selection-expression.ts';
import { parseResponseParameter } from '../../grammar/socket-response-parameter.ts';
import { javaPattern } from '../../template/regex/regex.ts';
import { Budget, MAX_STEPS, TemplateError } from '../../template/values.ts';
import { badRequest, conflict } from '../../wire/errors.ts';
import type { Input } from '../../wire/operation.ts';
import type { ApiDocument } from '../api/api-document.ts';
import { listAll } from '../document-list.ts';
import { checkLength, checkTemplateTexts } from '../limits.ts';
import { clearable, replacedMap } from '../patch.ts';
import { resource } from '../resource.ts';
import type { Draft, Scope } from '../rules.ts';
import { parsed } from '../syntax.ts';
import type { IntegrationDocument } from './integration-document.ts';

type Given = Omit<Input<'CreateIntegrationResponse'>, 'ApiId' | 'IntegrationId'>;

interface ResponseDocument extends Given {
  readonly IntegrationResponseId: string;
  readonly IntegrationResponseKey: string;
}

type Path = readonly [ApiDocument, IntegrationDocument];

export const integrationResponses = resource<'IntegrationResponse', ResponseDocument, Path>(
  'IntegrationResponse',
  {
    idLength: 6,
    patch: {
      ContentHandlingStrategy: clearable,
      ResponseParameters: replacedMap,
      ResponseTemplates: replacedMap,
      TemplateSelectionExpression: clearable,
    },
    settle,
    deploys: ['create', 'update', 'delete'],
  },
);

async function settle(
  draft: Draft<ResponseDocument>,
  { context, key, id, path }: Scope<ResponseDocument, Path>,
): Promise<ResponseDocument> {
  if (path[0].ProtocolType === 'HTTP') {
    throw badRequest('IntegrationResponses are currently not supported for this API protocol type.');
  }
  const { IntegrationResponseKey: responseKey = '', TemplateSelectionExpression: expression } = draft;
  checkKey(responseKey);
  if (expression !== undefined) parsed(() => parseSelectionExpression(expression, 'responseTemplate'));
  checkTemplateTexts('responseTemplates', draft.ResponseTemplates);
  for (const [destination, source] of Object.entries(draft.ResponseParameters ?? {})) {
    parsed(() => parseResponseParameter(destination, source));
  }
  const others = await listAll<ResponseDocument>(context.tx, collectionOf(key));
  const isTaken = others.some(
    (each) => each.IntegrationResponseKey === responseKey && each.IntegrationResponseId !== id,
  );
  if (isTaken) {
    throw conflict(`IntegrationResponse with key ${responseKey} already exists for this Integration`);
  }
  return { ...draft, IntegrationResponseId: id, IntegrationResponseKey: responseKey };
}

function checkKey(responseKey: string): void {
  checkLength('integrationResponseKey', responseKey, 1, 1024);
  const pattern = parsed(() => parseResponseKey(responseKey));
  if (pattern === undefined) return;
  try {
    javaPattern(pattern, false, 0, new Budget(MAX_STEPS));
  } catch (error) {
    if (error instanceof TemplateError) throw badRequest(badResponseKey(responseKey).message);
    throw error;
  }
}
