// Which mapping is pointed at: by the pointer or the keyboard, in its row or in a line that it made.
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

export interface Marks {
  /** The id of a mapping; undefined: none. */
  readonly marked: string | undefined;
  readonly mark: (by: Pointer, id: string | undefined) => void;
}

type Pointer = 'hover' | 'focus';

const Context = createContext<Marks>({ marked: undefined, mark: () => {} });

export function MarksProvider({ children }: { readonly children: ReactNode }) {
  // The newest is the last. What goes while it is pointed at does not say that it is not any more.
  const [pointed, setPointed] = useState<readonly (readonly [by: Pointer, id: string])[]>([]);
  const marks = useMemo(
    (): Marks => ({
      marked: pointed.at(-1)?.[1],
      mark: (by, id) =>
        setPointed((last) => [
          ...last.filter(([other]) => other !== by),
          ...(id === undefined ? [] : [[by, id] as const]),
        ]),
    }),
    [pointed],
  );
  return <Context value={marks}>{children}</Context>;
}

export const useMarks = (): Marks => useContext(Context);

/** What points at a mapping while the pointer or the focus is inside. */
export function pointing(mark: Marks['mark'], id: string) {
  return {
    onMouseEnter: () => mark('hover', id),
    onMouseLeave: () => mark('hover', undefined),
    onFocus: () => mark('focus', id),
    onBlur: () => mark('focus', undefined),
  };
}

/** Puts the focus into the field of a mapping. */
export function goToMapping(id: string): void {
  const found = [...document.querySelectorAll<HTMLElement>('[data-mapping]')].find(
    ({ dataset }) => dataset.mapping === id,
  );
  const field = found?.querySelector<HTMLElement>(
    '.value .cm-content, .value input, .value select, input, select, .cm-content',
  );
  field?.focus();
  found?.scrollIntoView({ block: 'nearest' });
}

/** Puts the focus on the first piece that a mapping made. */
export function goToPiece(id: string): void {
  const found = [...document.querySelectorAll<HTMLElement>('button[data-by]')].find(({ dataset }) =>
    (JSON.parse(dataset.by!) as string[]).includes(id),
  );
  found?.focus();
  found?.scrollIntoView({ block: 'nearest' });
}
