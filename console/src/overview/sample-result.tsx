import type { Trace } from '../../../src/http-api/explain/trace.ts';
import { Button } from '../parts/button.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Link } from '../shell/history.tsx';

/** A sample API, and its first call. */
export interface SampleRun {
  readonly apiId: string;
  readonly url: string;
  readonly trace: Trace;
}

export function SampleResult({ run, onClose }: { readonly run: SampleRun; readonly onClose: () => void }) {
  const { apiId, url, trace } = run;
  const { reply } = trace;
  const lines = [
    `HTTP/1.1 ${reply.status}`,
    ...reply.headers.map(([name, value]) => `${name}: ${value}`),
    '',
    reply.body,
  ];
  const curl = `curl -i ${url}`;
  return (
    <section className="sample" aria-label="The sample API">
      <div className="row">
        <h2>The sample API is live</h2>
        <span className="spring" />
        <Button kind="quiet" onClick={onClose}>
          Hide
        </Button>
      </div>
      <p>
        Call it:{' '}
        <a href={url} target="_blank" rel="noreferrer">
          {url}
        </a>{' '}
        <CopyButton text={curl} label="as curl">
          Copy curl
        </CopyButton>
      </p>
      <p className="muted">Its first call, with the headers that the mapping of its response has added:</p>
      <CodeBlock text={lines.join('\n')} label="Reply to the first call" />
      <p>
        <Link to={`/apis/${apiId}`}>Look at its routes, stages and mappings</Link>
      </p>
    </section>
  );
}
