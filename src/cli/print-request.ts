// A request that is over in one line, for people.
import type { RequestSummary } from '../stage/request-summary.ts';
import { oneLine, type Paint } from './terminal.ts';

/** `18:56:17 200 GET      22.3 ms  /prod/pets/1  GET /pets/{petId}  a1b2c3d4e5/prod  JKx1abcdPHcEJKQ=`. */
export function printRequest(request: RequestSummary, paint: Paint): string {
  const { at, status, kind, method, millis, path, connectionId, failure, id } = request;
  const what = (kind === 'http' ? (method ?? '') : kind).toUpperCase();
  const time = new Date(at).toTimeString().slice(0, 8);
  const columns = [
    paint.dim(time),
    statusOf(status, paint),
    oneLine(what).padEnd(10),
    millisOf(millis).padStart(10),
    '',
    paint.bold(oneLine(path ?? connectionId ?? '')),
    ...(failure === undefined ? [] : ['', paint.yellow(oneLine(failure))]),
  ];
  return `${columns.join(' ')}  ${paint.dim(placeOf(request))}  ${paint.dim(oneLine(id))}\n`;
}

function placeOf({ routeKey, apiId, stage, host }: RequestSummary): string {
  const place = apiId === '' ? (host ?? '') : stage === '' ? apiId : `${apiId}/${stage}`;
  return oneLine(routeKey === undefined ? place : `${routeKey}  ${place}`);
}

function statusOf(status: number, { green, yellow, red }: Paint): string {
  if (status === 0) return '-  ';
  return (status < 400 ? green : status < 500 ? yellow : red)(String(status));
}

function millisOf(millis: number): string {
  return `${millis < 10 ? millis.toFixed(1) : String(Math.round(millis))} ms`;
}
