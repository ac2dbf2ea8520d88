import { memo } from 'react';
import type { RequestSummary } from '../../../src/stage/request-summary.ts';
import { visibleText } from '../parts/visible-text.ts';
import { Link } from '../shell/history.tsx';
import { printMillis } from './spans.ts';
import { Status } from './status.tsx';
import { printTime, shortTitleOf, titleOf } from './titles.ts';

/** What rows share; the same objects from one drawing to the next, or all of them are drawn anew. */
export interface RowActions {
  /** Names of APIs by id. */
  readonly names: ReadonlyMap<string, string>;
  /** The address of a request, with the filters of now. */
  readonly addressOf: (id: string) => string;
  readonly pinned: ReadonlyMap<string, unknown>;
  readonly compared: readonly string[];
  readonly onPin: (id: string) => void;
  readonly onCompare: (id: string) => void;
}

export interface RequestRowProps extends RowActions {
  readonly summary: RequestSummary;
  /** Of the table, counted from 1. */
  readonly index: number;
  readonly isOpen: boolean;
}

export const RequestRow = memo(function RequestRow(props: RequestRowProps) {
  const { summary, index, isOpen, names, addressOf, pinned, compared, onPin, onCompare } = props;
  const { id, at, apiId, stage, routeKey, millis, failure, integration } = summary;
  const title = visibleText(titleOf(summary));
  const shown = visibleText(shortTitleOf(summary));
  const outcome = visibleText(failure ?? integration ?? '');
  const isPinned = pinned.has(id);
  const name = names.get(apiId) ?? apiId;
  return (
    <tr data-id={id} aria-rowindex={index} className={isOpen ? 'open' : undefined}>
      <td className="marks">
        <button
          type="button"
          className="pin"
          aria-pressed={isPinned}
          aria-label={`Pin ${title}`}
          title={
            isPinned
              ? 'Pinned: it stays here when the list is cleared'
              : 'Pin: keep it here when the list is cleared'
          }
          onClick={() => onPin(id)}
        >
          {isPinned ? '★' : '☆'}
        </button>
        <input
          type="checkbox"
          aria-label={`Compare ${title}`}
          title="Compare with another"
          checked={compared.includes(id)}
          onChange={() => onCompare(id)}
        />
      </td>
      <td className="time">{printTime(at)}</td>
      <td className="status">
        <Status of={summary} />
      </td>
      <td className="code">
        <Link to={addressOf(id)} aria-current={isOpen ? 'true' : undefined} title={title}>
          {shown}
        </Link>
      </td>
      <td className="stage" title={apiId}>
        {apiId === '' ? <span className="muted">none</span> : visibleText(`${name} · ${stage}`)}
      </td>
      <td className="route code" title={routeKey === undefined ? undefined : visibleText(routeKey)}>
        {routeKey === undefined ? <span className="muted">none</span> : visibleText(routeKey)}
      </td>
      <td className={failure === undefined ? 'outcome code' : 'outcome failed'} title={outcome}>
        {outcome}
      </td>
      <td className="millis number">{printMillis(millis)}</td>
    </tr>
  );
});
