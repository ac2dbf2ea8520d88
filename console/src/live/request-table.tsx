// The list of live requests. Only the rows in sight are drawn, and some around them; two rows are as high as those above and below
// would be. While somebody points at the list, has the focus in it or has scrolled, it stays where it is and tells how many are new.
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RequestSummary } from '../../../src/stage/request-summary.ts';
import { Button } from '../parts/button.tsx';
import { RequestRow, type RowActions } from './request-row.tsx';

/** Of a row, in pixels, as live.css has it. */
const ROW = 32;
/** Rows that are drawn above and below those in sight. */
const AROUND = 8;

export interface RequestTableProps extends RowActions {
  readonly rows: readonly RequestSummary[];
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
}

export function RequestTable({ rows, openId, onOpen, ...actions }: RequestTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(640);
  const isHeld = useRef(false);
  const newest = useRef(rows[0]?.id);
  const [unseen, setUnseen] = useState(0);
  const wanted = useRef<string>(undefined);

  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setHeight(entry!.contentRect.height));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);

  // Before the browser paints: what somebody looks at does not move.
  useLayoutEffect(() => {
    const element = box.current!;
    const added = rows.findIndex(({ id }) => id === newest.current);
    newest.current = rows[0]?.id;
    if (added <= 0 || !(isHeld.current || element.scrollTop > 0)) return;
    element.scrollTop += added * ROW;
    setTop(element.scrollTop);
    // A list that is not longer than its box has nothing out of sight.
    if (element.scrollTop > 0) setUnseen((count) => count + added);
  }, [rows]);

  // The row that an arrow key went to may not have been there before.
  useEffect(() => {
    if (wanted.current === undefined) return;
    const link = box.current!.querySelector<HTMLElement>(`[data-id="${CSS.escape(wanted.current)}"] a`);
    if (link === null) return;
    wanted.current = undefined;
    link.focus({ preventScroll: true });
  });

  const toTop = (): void => {
    box.current!.scrollTop = 0;
    setTop(0);
    setUnseen(0);
  };
  const hold = (): void => {
    isHeld.current = true;
  };
  const release = (): void => {
    const element = box.current;
    // The view may be gone by now.
    if (element === null) return;
    if (element.matches(':hover') || element.contains(document.activeElement)) return;
    isHeld.current = false;
    // It was moved by what is new alone.
    if (openId === undefined && Math.round(element.scrollTop / ROW) === unseen) toTop();
  };
  const scrolled = (): void => {
    const { scrollTop } = box.current!;
    setTop(scrollTop);
    if (scrollTop === 0) setUnseen(0);
  };
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const from = (event.target as HTMLElement).closest<HTMLElement>('[data-id]')?.dataset.id;
    const at = rows.findIndex(({ id }) => id === from) + step;
    const next = from === undefined ? undefined : rows[at];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    const element = box.current!;
    const above = at * ROW;
    // The head of the table is as high as a row.
    const below = above + 2 * ROW - element.clientHeight;
    element.scrollTop = Math.max(Math.min(element.scrollTop, above), below);
    setTop(element.scrollTop);
    wanted.current = next.id;
    if (openId !== undefined) onOpen(next.id);
  };

  const first = Math.max(0, Math.floor(top / ROW) - AROUND);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW) + AROUND);
  return (
    <div className="requests">
      {unseen > 0 && (
        <Button className="unseen" onClick={toTop}>
          ↑ {unseen} new
        </Button>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go from link to link */}
      <div
        className="rows"
        ref={box}
        onScroll={scrolled}
        onPointerEnter={hold}
        onFocus={hold}
        onPointerLeave={release}
        onBlur={() => setTimeout(release)}
        onKeyDown={move}
      >
        <table aria-label="Live requests" aria-rowcount={rows.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" className="marks">
                <span className="hidden">Pin and compare</span>
              </th>
              <th scope="col" className="time">
                Time
              </th>
              <th scope="col" className="status">
                Status
              </th>
              <th scope="col">Request</th>
              <th scope="col" className="stage">
                API and stage
              </th>
              <th scope="col" className="route">
                Route
              </th>
              <th scope="col" className="outcome">
                Integration or failure
              </th>
              <th scope="col" className="millis number">
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            <Space rows={first} />
            {rows.slice(first, last).map((summary, at) => (
              <RequestRow
                key={summary.id}
                summary={summary}
                index={first + at + 2}
                isOpen={summary.id === openId}
                {...actions}
              />
            ))}
            <Space rows={rows.length - last} />
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Space({ rows }: { readonly rows: number }) {
  if (rows === 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can have the focus.
    <tr aria-hidden="true">
      <td className="space" style={{ height: rows * ROW }} />
    </tr>
  );
}
