import { Link } from '../shell/history.tsx';

/** Leaves what is beside a list. */
export function Close({ to }: { readonly to: string }) {
  return (
    <Link className="button quiet" to={to} aria-label="Close" title="Close">
      ✕
    </Link>
  );
}
