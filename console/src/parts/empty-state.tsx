import type { ReactNode } from 'react';

export interface EmptyStateProps {
  readonly title: string;
  /** What to do about it. */
  readonly children: ReactNode;
}

/** Where there is nothing yet: what would be here, and how it comes. */
export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
