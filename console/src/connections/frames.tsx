// The frames of one connection as they come, with the routes that they took. What is in a frame is asked for frame by frame, the
// newest first, so that a fast client keeps neither the page nor the server busy.
import { useEffect, useRef, useState } from 'react';
import type { RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import type { RequestSummary } from '../../../src/stage/request-summary.ts';
import { FeedButtons } from '../live/feed-buttons.tsx';
import { RequestsAreOff } from '../live/no-requests.tsx';
import { shownText } from '../live/recorded-body.tsx';
import { RequestFeed } from '../live/request-feed.ts';
import { recordedBodyOf } from '../live/request-parts.ts';
import { Status } from '../live/status.tsx';
import { printTime } from '../live/titles.ts';
import { isOfSocket } from '../live/traces.ts';
import { Badge } from '../parts/badge.tsx';
import { LongText } from '../parts/long-text.tsx';
import { useFollowed } from '../parts/use-followed.ts';
import { visibleText } from '../parts/visible-text.ts';
import { sentenceOf } from '../shell/call-error.ts';
import { call } from '../shell/client.ts';
import { Link } from '../shell/history.tsx';
import { useMe } from '../shell/session.ts';

const MOST_FRAMES = 50;

export function Frames({ id }: { readonly id: string }) {
  return useMe().liveRequests === 'off' ? <RequestsAreOff /> : <LiveFrames id={id} />;
}

function LiveFrames({ id }: { readonly id: string }) {
  const [feed] = useState(() => new RequestFeed());
  useEffect(() => feed.watch(`?text=${encodeURIComponent(id)}`), [feed, id]);
  const { server, rows, refused } = useFollowed(feed.state);
  const frames = rows.filter(({ connectionId }) => connectionId === id).slice(0, MOST_FRAMES);
  const records = useRecords(frames);
  return (
    <section className="frames" aria-label="Frames">
      <div className="row">
        <h3>Frames</h3>
        <span className="spring" />
        <FeedButtons feed={feed} />
      </div>
      {refused !== undefined && <p className="notice bad">{refused}</p>}
      {frames.length === 0 && refused === undefined && server !== 'asked' && (
        <p className="muted">
          None yet. They are shown as they come, from now on and as far as they were recorded.
        </p>
      )}
      <ol>
        {frames.map((frame) => (
          <Frame key={frame.id} frame={frame} record={records.get(frame.id)} />
        ))}
      </ol>
    </section>
  );
}

function Frame({
  frame,
  record,
}: {
  readonly frame: RequestSummary;
  readonly record: RecordedRequest | string | undefined;
}) {
  const { id, at, kind, routeKey, failure } = frame;
  return (
    <li>
      <div className="row">
        <span className="time">{printTime(at)}</span>
        <span>{NAMES[kind]}</span>
        {routeKey !== undefined && <Badge>{visibleText(routeKey)}</Badge>}
        {kind !== 'post' && <Status of={frame} />}
        <span className="spring" />
        <Link to={`/live/${encodeURIComponent(id)}`}>Every step</Link>
      </div>
      {failure !== undefined && <p className="failed">{visibleText(failure)}</p>}
      {typeof record === 'string' && <p className="muted">{record}</p>}
      {typeof record === 'object' &&
        textsOf(record).map(([name, text]) => (
          <div key={name} className="frame">
            <span className="muted">{name}</span>
            <LongText text={text} />
          </div>
        ))}
    </li>
  );
}

const NAMES: Readonly<Record<RequestSummary['kind'], string>> = {
  http: 'request',
  connect: 'connected',
  message: 'message',
  disconnect: 'disconnected',
  post: 'sent by @connections',
};

/** What went either way. */
function textsOf({
  kind,
  trace,
  requestBody,
  replyBody,
}: RecordedRequest): readonly (readonly [string, string])[] {
  if (kind !== 'message' && kind !== 'post') return [];
  const socket = trace !== undefined && isOfSocket(trace) ? trace : undefined;
  const sent = requestBody ?? (socket?.message === undefined ? undefined : recordedBodyOf(socket.message));
  const got =
    kind === 'post'
      ? undefined
      : (replyBody ?? (socket?.reply === undefined ? undefined : recordedBodyOf(socket.reply)));
  return [
    ...(sent === undefined || sent.bytes === 0
      ? []
      : [[kind === 'post' ? 'to the client' : 'from the client', shownText(sent).text] as const]),
    ...(got === undefined || got.bytes === 0 ? [] : [['answer to the client', shownText(got).text] as const]),
  ];
}

type Records = ReadonlyMap<string, RecordedRequest | string>;

/** What is in frames, or why it is not known: one call at a time, the newest frame first. */
function useRecords(frames: readonly RequestSummary[]): Records {
  const [records, setRecords] = useState<Records>(new Map());
  const isAsking = useRef(false);
  const next = frames.find(({ id }) => !records.has(id))?.id;
  const ids = useRef<ReadonlySet<string>>(new Set());
  ids.current = new Set(frames.map(({ id }) => id));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another record is a reason to ask for the next.
  useEffect(() => {
    if (next === undefined || isAsking.current) return;
    isAsking.current = true;
    void call<RecordedRequest>('GET', `/_postern/requests/${encodeURIComponent(next)}`)
      .catch(sentenceOf)
      .then((record) => {
        isAsking.current = false;
        // Those that are not shown any more go.
        setRecords((all) => new Map([...all, [next, record] as const].filter(([id]) => ids.current.has(id))));
      });
  }, [next, records]);
  return records;
}
