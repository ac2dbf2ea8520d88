// Lists of connections between nodes: a frame of a link holds some hundreds, so a list is asked for page by page. Question and answer
// are JSON, of a ConnectionFilter and of a ConnectionList, in which neighbouring versions may add members. What says where a page begins is the
// last connection of the one before: who answers keeps nothing, and whoever comes or goes meanwhile moves no other.
import type { ConnectionFilter, ConnectionList } from '../../websocket-api/connections/connection-list.ts';

/** A page is never longer, whatever the connections say of themselves, but for one that fills it alone. */
const MAX_ROWS_BYTES = 196_608;
const MAX_ROWS = 1_000;

/** Answers for one page, of connections that `list` finds. */
export async function printPage(
  question: Buffer,
  list: (filter: ConnectionFilter) => Promise<ConnectionList>,
): Promise<string> {
  const filter = JSON.parse(question.toString()) as ConnectionFilter;
  const { connections, ...rest } = await list({ ...filter, limit: Math.min(filter.limit, MAX_ROWS) });
  const rows: string[] = [];
  let bytes = 0;
  for (const connection of connections) {
    const row = JSON.stringify(connection);
    bytes += Buffer.byteLength(row) + 1;
    if (bytes > MAX_ROWS_BYTES && rows.length > 0) break;
    rows.push(row);
  }
  return `${JSON.stringify(rest).slice(0, -1)},"connections":[${rows.join(',')}]}`;
}

/** The whole list of a node. Rejects when one of its pages does not come. */
export async function listByPages(
  ask: (question: string) => Promise<Buffer>,
  filter: ConnectionFilter,
): Promise<ConnectionList> {
  const pages: ConnectionList[] = [];
  let limit = filter.limit;
  for (let behind = filter.behind; ; ) {
    const question: ConnectionFilter = { ...filter, limit, behind };
    const page = JSON.parse((await ask(JSON.stringify(question))).toString()) as ConnectionList;
    pages.push(page);
    const last = page.connections.at(-1);
    limit -= page.connections.length;
    if (last === undefined || limit <= 0 || page.count <= page.connections.length) break;
    behind = { connectedAt: last.connectedAt, connectionId: last.connectionId };
  }
  const unanswered = [...new Set(pages.flatMap((page) => page.unanswered ?? []))];
  return {
    count: pages[0]!.count,
    connections: pages.flatMap(({ connections }) => connections),
    ...(unanswered.length === 0 ? {} : { unanswered }),
  };
}
