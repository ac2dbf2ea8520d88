import { diffLines } from './diff-lines.ts';

export interface DiffProps {
  readonly before: string;
  readonly after: string;
  /** What is compared, for who does not see it. */
  readonly label: string;
}

/** Two texts, line by line: what is gone, what has come. */
export function Diff({ before, after, label }: DiffProps) {
  const lines = diffLines(before, after);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard (WCAG 2.1.1).
    <section className="diff" aria-label={label} tabIndex={0}>
      {lines.map(({ kind, text }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name.
        <div key={at} className={kind}>
          <span className="sign" aria-hidden="true">
            {kind === 'added' ? '+' : kind === 'removed' ? '−' : ' '}
          </span>
          {kind === 'added' && <ins>{text}</ins>}
          {kind === 'removed' && <del>{text}</del>}
          {kind === 'same' && <span>{text}</span>}
        </div>
      ))}
    </section>
  );
}
