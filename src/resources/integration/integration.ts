// Integrations: what a route calls (spec/management-api.md §2.3). The rules of each protocol have files of their own.
import { apiKeyAbove } from '../../config/keys.ts';
import { mergeResponseMappings } from '../../grammar/mapping-merge.ts';
import { badRequest, conflict } from '../../wire/errors.ts';
import type { ApiDocument } from '../api/api-document.ts';
import { checkLength } from '../limits.ts';
import {
  clearable,
  mergedTexts,
  type Patch,
  removableStructure,
  replacedMap,
  unlessEmpty,
} from '../patch.ts';
import { resource } from '../resource.ts';
import { routesTargeting } from '../route/route-index.ts';
import type { Draft } from '../rules.ts';
import { type IntegrationDocument, type IntegrationScope, printIntegration } from './integration-document.ts';
import { settleHttpApiIntegration } from './integration-http-api.ts';
import { checkCredentialsArn } from './integration-targets.ts';
import { settleWebSocketApiIntegration } from './integration-websocket-api.ts';

type StatusMap = NonNullable<IntegrationDocument['ResponseParameters']>;

const MANAGED = 'An integration that quick create made cannot be deleted; delete its API instead';

/** A status without mappings is none (http-api.md Choice C74). */
const mergedStatuses: Patch<StatusMap> = (stored, given) =>
  unlessEmpty(mergeResponseMappings(stored ?? {}, given));

export const integrations = resource<'Integration', IntegrationDocument, readonly [ApiDocument]>(
  'Integration',
  {
    idLength: 7,
    patch: {
      ConnectionId: clearable,
      ContentHandlingStrategy: clearable,
      CredentialsArn: clearable,
      Description: clearable,
      IntegrationMethod: clearable,
      IntegrationSubtype: clearable,
      IntegrationUri: clearable,
      RequestParameters: mergedTexts,
      RequestTemplates: replacedMap,
      ResponseParameters: mergedStatuses,
      TemplateSelectionExpression: clearable,
      TlsConfig: removableStructure,
    },
    settle,
    // What no route targets serves nothing.
    deploys: ['update'],
    async refuseDelete(document, { context, key, id }) {
      if (document.ApiGatewayManaged === true) throw badRequest(MANAGED);
      const routeIds = await routesTargeting(context.tx, apiKeyAbove(key), id);
      if (routeIds.length === 0) return;
      throw conflict(
        `Cannot delete Integration because it is referenced by the following Routes with Ids: [${routeIds.join(', ')}]`,
      );
    },
    print: (document, [api]) => printIntegration(document, api.ProtocolType),
  },
);

async function settle(
  draft: Draft<IntegrationDocument>,
  scope: IntegrationScope,
): Promise<IntegrationDocument> {
  checkLength('integrationSubtype', draft.IntegrationSubtype, 1, 128);
  checkLength('integrationUri', draft.IntegrationUri, 1, 2048);
  checkLength('connectionId', draft.ConnectionId, 1, 1024);
  checkLength('description', draft.Description, 0, 1024);
  if (draft.CredentialsArn !== undefined) checkCredentialsArn(draft.CredentialsArn);
  const settleIntegration =
    scope.path[0].ProtocolType === 'HTTP' ? settleHttpApiIntegration : settleWebSocketApiIntegration;
  return { ...(await settleIntegration(draft, scope)), IntegrationId: scope.id };
}
