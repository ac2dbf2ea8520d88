// Rules of the action mappings of HTTP APIs' integrations: what is refused, and what is kept (spec/http-api.md §4.2 to
// §4.11; management-api.md §2.3.6).
import { checkRequestMappings, checkResponseMappings, parseRequestMappings } from '../../grammar/mapping.ts';
import { mergeMappings } from '../../grammar/mapping-merge.ts';
import { unlessEmpty } from '../patch.ts';
import type { Draft } from '../rules.ts';
import { parsed } from '../syntax.ts';
import type { IntegrationDocument, IntegrationScope } from './integration-document.ts';

type IntegrationDraft = Draft<IntegrationDocument>;
type Mappings = NonNullable<IntegrationDocument['RequestParameters']>;
type StatusMappings = NonNullable<IntegrationDocument['ResponseParameters']>;

/** What Create keeps of RequestParameters: an `append` or `overwrite` of nothing is no mapping. */
export function keptRequestParameters(
  draft: IntegrationDraft,
  { previous }: IntegrationScope,
): IntegrationDraft {
  if (previous !== undefined || draft.RequestParameters === undefined) return draft;
  const { RequestParameters, ...rest } = draft;
  const kept = unlessEmpty(mergeMappings({}, RequestParameters));
  return kept === undefined ? rest : { ...rest, RequestParameters: kept };
}

/** Throws a BadRequestException for what a request gives. Entries that older versions have stored stay as they are until a
 *  request changes the map. */
export function checkRequestParameters(draft: IntegrationDraft, { given, previous }: IntegrationScope): void {
  const becomes = draft.RequestParameters ?? {};
  const entries = given.RequestParameters as Mappings | undefined;
  parsed(() => {
    if (entries !== undefined) {
      checkRequestMappings(withoutDeletions(entries, previous?.RequestParameters), becomes);
    }
    // What is left over from an integration of another kind is no map of this one.
    parseRequestMappings(becomes);
  });
}

/** As checkRequestParameters. */
export function checkResponseParameters(
  draft: IntegrationDraft,
  { given, previous }: IntegrationScope,
): void {
  const statuses = given.ResponseParameters as StatusMappings | undefined;
  if (statuses === undefined) return;
  const checked = Object.entries(statuses).map(([status, entries]) => {
    const stored = previous?.ResponseParameters ?? {};
    return [status, withoutDeletions(entries, Object.hasOwn(stored, status) ? stored[status] : undefined)];
  });
  parsed(() => checkResponseMappings(Object.fromEntries(checked), draft.ResponseParameters ?? {}));
}

/** Without the entries that delete a stored one: whatever is stored can be deleted. */
function withoutDeletions(entries: Mappings, stored: Mappings = {}): Mappings {
  return Object.fromEntries(
    Object.entries(entries).filter(([key, value]) => value !== '' || !Object.hasOwn(stored, key)),
  );
}
