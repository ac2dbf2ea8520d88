// One request: what came of it, where its time went, and every step of it.
import { useState } from 'react';
import type { RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { visibleText } from '../parts/visible-text.ts';
import { Link } from '../shell/history.tsx';
import { Close } from './close.tsx';
import { curlCommand } from './curl.ts';
import { ReplayForm } from './replay-form.tsx';
import { requestPartsOf } from './request-parts.ts';
import { Status } from './status.tsx';
import { Steps } from './steps.tsx';
import { TimingBar } from './timing-bar.tsx';
import { printTime, titleOf } from './titles.ts';

export interface RequestDetailProps {
  readonly request: RecordedRequest;
  readonly isPinned: boolean;
  readonly isCompared: boolean;
  readonly onPin: () => void;
  readonly onCompare: () => void;
  /** The address of the list. */
  readonly listAddress: string;
}

export function RequestDetail(props: RequestDetailProps) {
  const { request, isPinned, isCompared, onPin, onCompare, listAddress } = props;
  const [isReplaying, setReplaying] = useState(false);
  const { id, at, failure, sourceIp, trace } = request;
  const parts = requestPartsOf(request);
  const title = visibleText(titleOf(request));
  return (
    <article className="detail" aria-label={title}>
      <header>
        <div className="row">
          <Status of={request} />
          <h2 className="code">{title}</h2>
          <span className="spring" />
          <Close to={listAddress} />
        </div>
        <p className="muted">
          {printTime(at)} · from {sourceIp} · <code>{id}</code>
        </p>
        <div className="row actions">
          {parts !== undefined && (
            <Button aria-expanded={isReplaying} onClick={() => setReplaying(!isReplaying)}>
              Replay
            </Button>
          )}
          {request.kind !== 'post' && (
            <Link className="button" to={`/workbench?request=${encodeURIComponent(id)}`}>
              Open in the workbench
            </Link>
          )}
          <Button aria-pressed={isPinned} onClick={onPin}>
            {isPinned ? 'Unpin' : 'Pin'}
          </Button>
          <Button aria-pressed={isCompared} onClick={onCompare}>
            Compare
          </Button>
          {parts?.kind === 'http' && <CopyButton text={() => curlCommand(parts)}>Copy as curl</CopyButton>}
        </div>
      </header>
      {failure !== undefined && <p className="notice bad">{visibleText(failure)}</p>}
      <TimingBar of={request} />
      {isReplaying && parts !== undefined && <ReplayForm original={request} parts={parts} />}
      {trace !== undefined && <Steps trace={trace} bodies={request} />}
    </article>
  );
}
