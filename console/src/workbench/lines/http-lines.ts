// The backend request and the client's response of a trace of an HTTP API, as lines that know their mappings.
import { readMappingKey } from '../../../../src/grammar/mapping-key.ts';
import type { Trace } from '../../../../src/http-api/explain/trace.ts';
import { type EntryStep, type TracedEntry, traceEntries } from './entries.ts';
import { prettyJson } from './json-lines.ts';
import { type Line, type MappingSide, mappingId, type Piece, plainLines, settingId } from './line.ts';

type Headers = readonly (readonly [string, string])[];

interface PlacedStep extends EntryStep {
  readonly at: 'header' | 'query' | 'path' | 'status';
}

/** `body` is what was sent, which mappings do not change. Empty where no HTTP backend was called. */
export function backendRequestLines(trace: Trace, body: string): readonly Line[] {
  const { backendRequest, request, stage } = trace;
  if (backendRequest === undefined) return [];
  const steps = placedSteps(trace.requestMappings, 'request');
  const [method = '', target = '', version = ''] = backendRequest.line.split(' ');
  const query = tracedQuery(queryOf(request.url), queryOf(target), steps);
  const path = target.split('?')[0]!;
  const ofPath = steps.filter(({ at, result }) => at === 'path' && result !== undefined).map(({ id }) => id);
  const pieces: Piece[] = [
    { text: method, by: method === request.method ? [] : [settingId('IntegrationMethod')] },
    { text: ' ', by: [] },
    { text: path, by: ofPath },
    ...query.pieces,
    { text: ` ${version}`, by: [] },
  ];
  const isSame = pieces.every(({ by }) => by.length === 0) && path === stage?.path && query.gone.length === 0;
  return [
    {
      kind: 'same',
      pieces: [
        { text: 'To ', by: [] },
        { text: backendRequest.origin, by: [settingId('IntegrationUri')] },
      ],
    },
    { kind: isSame ? 'same' : 'changed', pieces },
    ...query.gone,
    ...headerLines(request.headers, backendRequest.headers, steps),
    ...bodyLines(prettyJson(body)),
  ];
}

/** What the client gets, next to what the backend answered. */
export function responseLines(trace: Trace): readonly Line[] {
  const { backendReply, reply } = trace;
  const steps = placedSteps(trace.responseMappings, 'response', backendReply?.status);
  const ofStatus = steps
    .filter(({ at, result }) => at === 'status' && result !== undefined)
    .map(({ id }) => id);
  const isSame =
    ofStatus.length === 0 && (backendReply === undefined || backendReply.status === reply.status);
  return [
    { kind: isSame ? 'same' : 'changed', pieces: [{ text: `HTTP ${reply.status}`, by: ofStatus }] },
    ...headerLines(backendReply?.headers ?? reply.headers, reply.headers, steps),
    ...bodyLines(prettyJson(reply.body)),
  ];
}

function bodyLines(body: string): readonly Line[] {
  return body === '' ? [] : [{ kind: 'same', pieces: [{ text: '', by: [] }] }, ...plainLines(body)];
}

/** Mappings with keys of the grammar; those of other integrations have keys of their own. */
function placedSteps(
  steps: Trace['requestMappings'],
  side: MappingSide,
  status?: number,
): readonly PlacedStep[] {
  return steps.flatMap(({ key, result, cleared }) => {
    const parsed = keyOf(key, side);
    if (parsed === undefined) return [];
    const { action, at, name } = parsed;
    return {
      id: mappingId(side, key, status),
      action,
      at,
      name: at === 'header' ? name.toLowerCase() : name,
      ...(result === undefined ? {} : { result }),
      ...(cleared === undefined ? {} : { cleared }),
    };
  });
}

function keyOf(key: string, side: MappingSide): ReturnType<typeof readMappingKey> | undefined {
  try {
    return readMappingKey(key, side);
  } catch {
    return undefined;
  }
}

/** Lines of `after`, then those of `before` that are gone. */
function headerLines(before: Headers, after: Headers, steps: readonly PlacedStep[]): readonly Line[] {
  const entries = (headers: Headers) => headers.map(([name, value]) => ({ name: name.toLowerCase(), value }));
  const traced = traceEntries(
    entries(before),
    entries(after),
    steps.filter(({ at }) => at === 'header'),
  );
  const line = ([name, value]: readonly [string, string], { kind, by }: TracedEntry): Line => ({
    kind,
    pieces: [{ text: `${name}: ${value}`, by }],
  });
  return [
    ...after.map((header, i) => line(header, traced.after[i]!)),
    ...traced.gone.map(({ at, by }) => line(before[at]!, { kind: 'removed', by })),
  ];
}

/** The pieces from the question mark on, and lines of the pairs that are gone. */
function tracedQuery(
  before: readonly string[],
  after: readonly string[],
  steps: readonly PlacedStep[],
): { pieces: readonly Piece[]; gone: readonly Line[] } {
  const traced = traceEntries(
    before.map(entryOf),
    after.map(entryOf),
    steps.filter(({ at }) => at === 'query'),
  );
  const ofPath = steps.filter(({ at }) => at === 'path').map(({ id }) => id);
  const pieces = after.flatMap((text, i): Piece[] => {
    const { kind, by } = traced.after[i]!;
    // What no mapping of the query made and no client sent stands in the mapped path.
    const makers = by.length === 0 && kind === 'added' ? ofPath : by;
    return [
      { text: i === 0 ? '?' : '&', by: [] },
      { text, by: makers },
    ];
  });
  const gone = traced.gone.map(
    ({ at, by }): Line => ({ kind: 'removed', pieces: [{ text: `?${before[at]!}`, by }] }),
  );
  return { pieces, gone };
}

function queryOf(target: string): readonly string[] {
  const mark = target.indexOf('?');
  if (mark < 0) return [];
  return target
    .slice(mark + 1)
    .split('#')[0]!
    .split('&')
    .filter((pair) => pair !== '');
}

function entryOf(pair: string): { name: string; value: string } {
  const equals = pair.indexOf('=');
  const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
  return { name: decoded(name), value: decoded(value) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
