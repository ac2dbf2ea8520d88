// Whether somebody wants to see a request, by what can be told without making its summary.
import type { RequestFilter, RequestSummary } from '../../stage/request-summary.ts';
import type { Kept } from './kept.ts';

/** All but the text of the filter. */
export function isWanted(kept: Kept, filter: RequestFilter): boolean {
  const { accountId, apiId, stage, routeKey, status, kind } = filter;
  return (
    (accountId === undefined || kept.accountId === accountId) &&
    (apiId === undefined || kept.apiId === apiId) &&
    (stage === undefined || kept.stage === stage) &&
    (routeKey === undefined || kept.routeKey === routeKey) &&
    (status === undefined || (kept.status >= status.from && kept.status <= status.to)) &&
    (kind === undefined || kept.kind === kind)
  );
}

/** The text of the filter, in a summary that is masked: what is masked cannot be guessed by asking. */
export function hasText(summary: RequestSummary, { text }: RequestFilter): boolean {
  if (text === undefined) return true;
  const wanted = text.toLowerCase();
  return Object.values(summary).some((value) => String(value).toLowerCase().includes(wanted));
}
