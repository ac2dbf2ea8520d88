import type { RequestSummary } from '../../../src/stage/request-summary.ts';
import { Badge, type Tone } from '../parts/badge.tsx';

/** The status that a client got, by its class. */
export function Status({ of: { status } }: { readonly of: Pick<RequestSummary, 'status'> }) {
  if (status === 0) {
    return (
      <Badge tone="warn" title="The client was gone before it had a reply">
        gone
      </Badge>
    );
  }
  return <Badge tone={toneOf(status)}>{status}</Badge>;
}

function toneOf(status: number): Tone {
  if (status >= 500) return 'bad';
  if (status >= 400) return 'warn';
  return status >= 300 ? 'info' : 'good';
}
