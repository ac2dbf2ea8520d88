import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

const SHOWN_MILLIS = 1_500;

/** Copies a text, and says so for a moment. `label` is what is copied, for who does not see it. */
export function CopyButton({
  text,
  label,
  children = 'Copy',
}: {
  text: string | (() => string);
  label?: string;
  children?: string;
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return undefined;
    const timer = setTimeout(() => setState('idle'), SHOWN_MILLIS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (): void => {
    const value = typeof text === 'string' ? text : text();
    copied(value).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  };
  return (
    <Button
      kind="quiet"
      className="copy"
      onClick={copy}
      aria-label={label === undefined ? undefined : `${children} ${label}`}
    >
      <span aria-live="polite">
        {state === 'copied' ? 'Copied' : state === 'refused' ? 'Not allowed' : children}
      </span>
    </Button>
  );
}

/** Over plain HTTP from another machine browsers have no clipboard, but copy what is selected. */
async function copied(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('not copied');
}
