// Light or dark: the system's choice, or the user's, which this browser remembers.
import { Followed } from '../parts/followed.ts';
import { useFollowed } from '../parts/use-followed.ts';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'postern.theme';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Storage may be forbidden to pages. */
function stored(): Theme {
  try {
    return THEMES.find((each) => each === window.localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}

const chosen = new Followed(stored());

export function applyTheme(): void {
  const { dataset } = document.documentElement;
  const theme = chosen.current();
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
}

/** The theme, and a function that goes on to the next. */
export function useTheme(): readonly [Theme, () => void] {
  return [useFollowed(chosen), nextTheme];
}

function nextTheme(): void {
  const next = THEMES[(THEMES.indexOf(chosen.current()) + 1) % THEMES.length]!;
  try {
    window.localStorage.setItem(KEY, next);
  } catch {
    // It lasts as long as the tab then.
  }
  chosen.set(next);
  applyTheme();
}
