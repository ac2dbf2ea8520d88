// How a request is called where there is one line for it.
import { unreachable } from '../../../src/defect.ts';
import type { RequestSummary } from '../../../src/stage/request-summary.ts';

type Titled = Pick<RequestSummary, 'kind' | 'method' | 'path' | 'routeKey' | 'connectionId'>;

/** `GET /pets/7?x=1`, `message say on L0SM9cOFvHcCIhw=`. What the console or another caller of the management door has sent to a
 *  connection has no path. */
export function titleOf({ kind, method, path, routeKey, connectionId = '' }: Titled): string {
  switch (kind) {
    case 'http':
      return `${method ?? '?'} ${path ?? '?'}`;
    case 'post':
      return path === undefined ? `sent to ${connectionId}` : `${method ?? '?'} ${path}`;
    case 'connect':
      return `connect ${path ?? connectionId}`;
    case 'message':
      return `message ${routeKey ?? 'without a route'} on ${connectionId}`;
    case 'disconnect':
      return `disconnect of ${connectionId}`;
    default:
      return unreachable(kind);
  }
}

/** The same without what the path form of an address is in front of a path. */
export function shortTitleOf(summary: RequestSummary): string {
  const prefix = `/_aws/execute-api/${summary.apiId}`;
  const { path } = summary;
  return titleOf(
    path?.startsWith(`${prefix}/`) === true ? { ...summary, path: path.slice(prefix.length) } : summary,
  );
}

/** `14:03:07.123`, in the reader's time. */
export function printTime(at: number): string {
  const time = new Date(at);
  const [hours, minutes, seconds] = [time.getHours(), time.getMinutes(), time.getSeconds()].map((each) =>
    String(each).padStart(2, '0'),
  );
  return `${hours}:${minutes}:${seconds}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}
