import { CopyButton } from './copy-button.tsx';

export interface CodeBlockProps {
  readonly text: string;
  /** What it is, for who does not see it. */
  readonly label: string;
  /** Whether there is a button that copies it. */
  readonly canCopy?: boolean;
}

/** A text as it is. Where it is wider than the page it scrolls by itself, by the keyboard too. */
export function CodeBlock({ text, label, canCopy = false }: CodeBlockProps) {
  return (
    <div className="code-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard (WCAG 2.1.1). */}
      <section aria-label={label} tabIndex={0}>
        <pre>{text}</pre>
      </section>
      {canCopy && <CopyButton text={text} label={label} />}
    </div>
  );
}
