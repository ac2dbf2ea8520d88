// One part of what happened to a request, which can be folded away.
import type { ReactNode } from 'react';
import { visibleText } from '../parts/visible-text.ts';

export interface StepProps {
  readonly title: string;
  /** Beside the title, seen when it is folded too. */
  readonly note?: string | undefined;
  readonly isFolded?: boolean;
  readonly children: ReactNode;
}

export function Step({ title, note, isFolded = false, children }: StepProps) {
  return (
    <details className="step" open={!isFolded}>
      <summary>
        <h3>{title}</h3>
        {note !== undefined && <span className="note">{visibleText(note)}</span>}
      </summary>
      <div className="content">{children}</div>
    </details>
  );
}

type Headers = readonly (readonly [name: string, value: string])[];

export function HeaderList({ headers }: { readonly headers: Headers }) {
  if (headers.length === 0) return <p className="muted">no headers</p>;
  return (
    <dl className="pairs-list headers">
      {headers.map(([name, value], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a header may be there twice, and the list is never changed
        <div key={at}>
          <dt>{visibleText(name)}</dt>
          <dd>{visibleText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
