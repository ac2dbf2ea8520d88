// A router over the browser's history: where the console is, links, and going elsewhere. Paths are without the console's base.
import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { Followed } from '../parts/followed.ts';
import { useFollowed } from '../parts/use-followed.ts';

/** Where the console is served. */
const BASE = '/_postern/console';

const here = new Followed(read());

export interface Place {
  /** Begins with `/`: `/apis/a1b2c3d4e5/routes`. */
  readonly path: string;
  readonly query: URLSearchParams;
}

function read(): Place {
  const { pathname, search } = window.location;
  const path = pathname.startsWith(BASE) ? pathname.slice(BASE.length) : pathname;
  return { path: path === '' ? '/' : path, query: new URLSearchParams(search) };
}

function changed(): void {
  here.set(read());
}

window.addEventListener('popstate', changed);

/** Goes to a path with or without query; with `replace`, "back" skips where we were. */
export function navigate(to: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, '', BASE + to);
  else window.history.pushState(null, '', BASE + to);
  changed();
  if (!replace) window.scrollTo(0, 0);
}

export function usePlace(): Place {
  return useFollowed(here);
}

export interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly to: string;
}

/** A link within the console. With a modifier key, or another button, the browser does with it what it does with any. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const isPlain =
      event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !isPlain) return;
    event.preventDefault();
    navigate(to);
  };
  return <a {...rest} href={BASE + to} onClick={follow} />;
}
