// An integration as it stands on the bench, by the names of CreateIntegration: what the texts that are copied are made of.

import type { IntegrationDocument } from '../../api/documents.ts';
import { type Draft, integrationInput, responseInputs } from '../draft/draft.ts';
import { capitalised } from '../draft/settings.ts';
import type { Subject } from '../draft/stored.ts';

export interface Definition {
  readonly protocol: 'HTTP' | 'WEBSOCKET';
  readonly apiName: string;
  readonly apiId: string;
  readonly integrationId: string;
  /** Without what is empty. */
  readonly integration: Members;
  /** Of CreateIntegrationResponse; none for HTTP APIs. */
  readonly responses: readonly Members[];
}

export type Members = Readonly<Record<string, unknown>>;

/** Members that only the server sets. */
const OF_THE_SERVER: ReadonlySet<string> = new Set([
  'integrationId',
  'apiGatewayManaged',
  'integrationResponseSelectionExpression',
]);

export function definitionOf({ api, integration }: Subject, draft: Draft): Definition {
  const { protocolType: protocol, name: apiName, apiId } = api;
  return {
    protocol,
    apiName,
    apiId,
    integrationId: integration.integrationId,
    integration: withoutEmpty({
      ...wholeInput(integration),
      ...integrationInput(draft, integration, protocol),
    }),
    responses: protocol === 'HTTP' ? [] : responseInputs(draft).map((each) => withoutEmpty(each as Members)),
  };
}

/** All members of CreateIntegration that are stored. */
export function wholeInput(stored: IntegrationDocument): Members {
  const members = Object.entries(stored).filter(([name]) => !OF_THE_SERVER.has(name));
  return Object.fromEntries(
    members.map(([name, value]) => [
      capitalised(name),
      name === 'tlsConfig' ? renamed(value as Members, capitalised) : value,
    ]),
  );
}

/** A structure with its members under other names; keys of maps stay as they are. */
export function renamed(structure: Members, rename: (name: string) => string): Members {
  return Object.fromEntries(Object.entries(structure).map(([name, value]) => [rename(name), value]));
}

function withoutEmpty(members: Members): Members {
  const isEmpty = (value: unknown): boolean =>
    value === '' ||
    value === undefined ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value)));
}
