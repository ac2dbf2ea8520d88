import { visibleText } from './visible-text.ts';

/** A text of lines, which may be long: a body, a template. Where it scrolls it does so by the keyboard too. */
export function LongText({ text }: { readonly text: string }) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard (WCAG 2.1.1).
  return <pre tabIndex={0}>{visibleText(text)}</pre>;
}
