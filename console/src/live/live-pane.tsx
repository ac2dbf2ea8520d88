// What is beside the list: the request of the address, or the two that are compared.
import type { RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import { useCall } from '../parts/use-call.ts';
import { useFollowed } from '../parts/use-followed.ts';
import { visibleText } from '../parts/visible-text.ts';
import { Close } from './close.tsx';
import { comparedRecorded } from './compared.ts';
import { Comparison } from './comparison.tsx';
import { pins } from './pins.ts';
import { RequestDetail } from './request-detail.tsx';
import type { RowActions } from './request-row.tsx';
import { printTime, titleOf } from './titles.ts';

export interface LivePaneProps {
  readonly openId: string | undefined;
  readonly actions: RowActions;
  /** The list alone. */
  readonly listAddress: string;
}

export function LivePane({ openId, actions, listAddress }: LivePaneProps) {
  const [one, other] = actions.compared;
  return (
    <section className="pane" aria-label="Details">
      {openId !== undefined ? (
        <OpenRequest key={openId} id={openId} actions={actions} listAddress={listAddress} />
      ) : (
        one !== undefined &&
        other !== undefined && (
          <TwoRequests key={`${one},${other}`} ids={[one, other]} listAddress={listAddress} />
        )
      )}
    </section>
  );
}

/** Of the server, or of the page where it is pinned. */
function useRequest(id: string): {
  readonly value: RecordedRequest | undefined;
  readonly error: string | undefined;
} {
  const pinned = useFollowed(pins).get(id);
  const loaded = useCall<RecordedRequest>(
    pinned === undefined ? `/_postern/requests/${encodeURIComponent(id)}` : undefined,
  );
  return pinned === undefined ? loaded : { value: pinned, error: undefined };
}

interface OpenRequestProps {
  readonly id: string;
  readonly actions: RowActions;
  readonly listAddress: string;
}

function OpenRequest({ id, actions, listAddress }: OpenRequestProps) {
  const { value, error } = useRequest(id);
  if (value === undefined) return <Absent error={error} listAddress={listAddress} />;
  return (
    <RequestDetail
      request={value}
      isPinned={actions.pinned.has(id)}
      isCompared={actions.compared.includes(id)}
      onPin={() => actions.onPin(id)}
      onCompare={() => actions.onCompare(id)}
      listAddress={listAddress}
    />
  );
}

function TwoRequests({
  ids: [first, second],
  listAddress,
}: {
  readonly ids: readonly [string, string];
  readonly listAddress: string;
}) {
  const one = useRequest(first);
  const other = useRequest(second);
  if (one.value === undefined || other.value === undefined)
    return <Absent error={one.error ?? other.error} listAddress={listAddress} />;
  return (
    <article className="detail" aria-label="Comparison">
      <header className="row">
        <h2>Two requests compared</h2>
        <span className="spring" />
        <Close to={listAddress} />
      </header>
      <Comparison
        one={comparedRecorded(one.value, nameOf(one.value))}
        other={comparedRecorded(other.value, nameOf(other.value))}
      />
    </article>
  );
}

const nameOf = (request: RecordedRequest): string => `${printTime(request.at)} ${titleOf(request)}`;

function Absent({
  error,
  listAddress,
}: {
  readonly error: string | undefined;
  readonly listAddress: string;
}) {
  if (error === undefined) return <p className="muted">Loading …</p>;
  return (
    <div className="row">
      <p className="notice bad" role="alert">
        {visibleText(error)}
      </p>
      <Close to={listAddress} />
    </div>
  );
}
