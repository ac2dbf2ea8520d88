// I3 to I6: ends of connections are told, told once, and not too early; posts arrive, and 410 is said only of what is gone.
import { type Entry, entriesOf, groupBy } from '../ledger.ts';
import { spansOf, touching } from './faults.ts';
import type { Invariant, Violation } from './violation.ts';

/** A client that still uses its connection so much later has not lost it. */
const STILL_USED_MILLIS = 2_000;
/** After a post was answered 200, its message has come or the connection ends within this. */
const POST_MILLIS = 1_000;
/** A teller that has called takes its row from the registry within this, where nothing stands in the way. */
const LEAVE_MILLIS = 2_000;

/** I3: every connection that the API accepted and that is not open has its end. */
export const everyEndIsTold: Invariant = (entries) => {
  const told = new Set(entriesOf(entries, 'disconnect-told').map(({ id }) => id));
  const opened = new Map(entriesOf(entries, 'socket-opened').map((entry) => [entry.id, entry]));
  const ended = new Map(entriesOf(entries, 'socket-ended').map((entry) => [entry.id, entry]));
  return entriesOf(entries, 'connect-told')
    .filter(({ isAccepted, id }) => isAccepted && !told.has(id))
    .filter(({ id }) => !opened.has(id) || ended.has(id))
    .map((connect) => ({
      invariant: 'I3',
      what: `no $disconnect of ${connect.id}`,
      lines: [connect, opened.get(connect.id), ended.get(connect.id)].filter((line) => line !== undefined),
    }));
};

/** I4: an end is told twice only with the same id of request, and only where whoever told it first may have died of it. */
export const endsAreToldOnce: Invariant = (entries) => {
  const spans = spansOf(entries);
  const found: Violation[] = [];
  for (const [id, told] of groupBy(entriesOf(entries, 'disconnect-told'), (entry) => entry.id)) {
    if (told.length === 1) continue;
    const i4 = (what: string): Violation => ({ invariant: 'I4', what, lines: told });
    if (new Set(told.map(({ requestId }) => requestId)).size > 1)
      found.push(i4(`the end of ${id} was told twice, as two different requests`));
    for (let nth = 1; nth < told.length; nth++) {
      // Between the call and the row's leaving somebody must have died, been stopped, or have had no registry to reach.
      if (touching(spans, told[nth - 1]!.at, told[nth - 1]!.at + LEAVE_MILLIS, 0).length === 0)
        found.push(i4(`the end of ${id} was told again, though nobody had died`));
    }
  }
  return found;
};

/** I5: no end of a connection whose client goes on using it. */
export const noEndOfTheLiving: Invariant = (entries) => {
  const used = groupBy(entriesOf(entries, 'socket-used'), ({ id }) => id);
  return entriesOf(entries, 'disconnect-told').flatMap((told) => {
    const later = used.get(told.id)?.find(({ since }) => since >= told.at + STILL_USED_MILLIS);
    if (later === undefined) return [];
    return [{ invariant: 'I5', what: `${told.id} is used after its end was told`, lines: [told, later] }];
  });
};

/** I6: 410 only of what is not open; what was answered 200 arrives, or its connection ends. */
export const postsAreTrue: Invariant = (entries) => {
  const used = groupBy(entriesOf(entries, 'socket-used'), ({ id }) => id);
  const ended = new Map(entriesOf(entries, 'socket-ended').map((entry) => [entry.id, entry]));
  const received = new Set(entriesOf(entries, 'received').map(({ id, message }) => `${id} ${message}`));
  const end = entries.at(-1)?.at ?? 0;
  const spans = spansOf(entries);
  const found: Violation[] = [];
  for (const post of entriesOf(entries, 'post')) {
    if (post.status === 410) {
      const uses = used.get(post.id) ?? [];
      const before = uses.find(({ at }) => at <= post.since);
      const after = uses.find(({ since }) => since >= post.at);
      if (before !== undefined && after !== undefined)
        found.push({
          invariant: 'I6',
          what: `410 for ${post.id}, which is open`,
          lines: [before, post, after],
        });
    }
    if (post.status !== 200 || received.has(`${post.id} ${post.message}`)) continue;
    const over = ended.get(post.id);
    // A stopped process keeps what it has not sent, and its connections, until it goes on.
    const isHeldUp = touching(spans, post.since, post.at + POST_MILLIS, POST_MILLIS).some(
      ({ fault }) => fault.on.length > 0,
    );
    if (over !== undefined && (over.at <= post.at + POST_MILLIS || isHeldUp)) continue;
    if (post.at + POST_MILLIS > end) continue;
    const lines: readonly Entry[] = over === undefined ? [post] : [post, over];
    found.push({ invariant: 'I6', what: `${post.message} was answered 200 and did not arrive`, lines });
  }
  return found;
};
