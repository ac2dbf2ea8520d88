import type { ReactNode } from 'react';
import { Link } from '../shell/history.tsx';

export interface Tab {
  readonly to: string;
  readonly title: ReactNode;
  readonly isCurrent: boolean;
}

/** Tabs that are pages: each is a link to its own path. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ to, title, isCurrent }) => (
        <Link key={to} to={to} aria-current={isCurrent ? 'page' : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  );
}
