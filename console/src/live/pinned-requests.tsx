// The requests that somebody pinned, above the list.
import { Button } from '../parts/button.tsx';
import { useFollowed } from '../parts/use-followed.ts';
import { visibleText } from '../parts/visible-text.ts';
import { Link } from '../shell/history.tsx';
import { pins } from './pins.ts';
import type { RowActions } from './request-row.tsx';
import { printMillis } from './spans.ts';
import { Status } from './status.tsx';
import { printTime, titleOf } from './titles.ts';

export function PinnedRequests({
  addressOf,
  onPin,
  onCompare,
  compared,
  openId,
}: RowActions & { readonly openId: string | undefined }) {
  return (
    <section className="pinned" aria-label="Pinned requests">
      <ul>
        {[...useFollowed(pins).values()].map((request) => {
          const { id, at, millis } = request;
          const title = visibleText(titleOf(request));
          return (
            <li key={id} className="row">
              <Button kind="quiet" aria-label={`Unpin ${title}`} title="Unpin" onClick={() => onPin(id)}>
                ★
              </Button>
              <input
                type="checkbox"
                aria-label={`Compare ${title}`}
                title="Compare with another"
                checked={compared.includes(id)}
                onChange={() => onCompare(id)}
              />
              <span className="time">{printTime(at)}</span>
              <Status of={request} />
              <Link className="code" to={addressOf(id)} aria-current={id === openId ? 'true' : undefined}>
                {title}
              </Link>
              <span className="spring" />
              <span>{printMillis(millis)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
