// The work on the bench is kept for the tab, so that looking elsewhere costs nothing.
import type { Subject } from './draft/stored.ts';
import type { Work } from './work-drafts.ts';

const keyOf = ({ api, integration }: Subject): string =>
  `postern.workbench/${api.apiId}/${integration.integrationId}`;

interface Kept extends Work {
  /** What the draft was made from: the stored texts at the time. */
  readonly from: string;
}

/** Storage may be forbidden, or full: what is on the bench lives as long as the page then. */
export function keepWork(subject: Subject, work: Work): void {
  const kept: Kept = { ...work, from: fingerprint(subject) };
  try {
    window.sessionStorage.setItem(keyOf(subject), JSON.stringify(kept));
  } catch {
    // As above.
  }
}

export interface KeptWork {
  readonly work: Work;
  /** The integration was changed by somebody else since the draft was begun. */
  readonly isOutdated: boolean;
}

export function keptWork(subject: Subject): KeptWork | undefined {
  try {
    const text = window.sessionStorage.getItem(keyOf(subject));
    if (text === null) return undefined;
    const { from, draft, request, reply }: Kept = JSON.parse(text);
    return { work: { draft, request, reply }, isOutdated: from !== fingerprint(subject) };
  } catch {
    return undefined;
  }
}

/** Differs where what is stored does. */
export function fingerprint({ api, integration, responses }: Subject): string {
  return JSON.stringify([api.routeSelectionExpression, integration, responses]);
}
