// Light or dark: the system's choice, or the user's, which this browser remembers.
import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'postern.theme';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const listeners = new Set<() => void>();

/** Storage may be forbidden to pages. */
function stored(): Theme {
  try {
    return THEMES.find((each) => each === window.localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}

let current = stored();

export function applyTheme(): void {
  const { dataset } = document.documentElement;
  if (current === 'system') delete dataset.theme;
  else dataset.theme = current;
}

/** The theme, and a function that goes on to the next. */
export function useTheme(): readonly [Theme, () => void] {
  const theme = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
  return [theme, nextTheme];
}

function nextTheme(): void {
  current = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length]!;
  try {
    window.localStorage.setItem(KEY, current);
  } catch {
    // It lasts as long as the tab then.
  }
  applyTheme();
  for (const listener of listeners) listener();
}
