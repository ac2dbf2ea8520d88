// What is to be done with a draft: save it, deploy it, throw it away.
import { useState } from 'react';
import type { StageDocument } from '../api/documents.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { sentenceOf } from '../shell/call-error.ts';
import { call } from '../shell/client.ts';
import { useReadOnly } from '../shell/session.ts';
import { CopyAs } from './copy/copy-as.tsx';
import type { Write } from './draft/changes.ts';
import { type Draft, draftOf } from './draft/draft.ts';
import type { Subject } from './draft/stored.ts';
import { fingerprint } from './kept-work.ts';
import { type LoadedApi, loadSubject } from './load.ts';

export interface SaveBarProps {
  readonly loaded: LoadedApi;
  readonly subject: Subject;
  readonly stage: StageDocument | undefined;
  readonly draft: Draft;
  readonly writes: readonly Write[];
  /** The draft was begun from what is no longer stored. */
  readonly isOutdated: boolean;
  readonly problems: ReadonlyMap<string, string>;
  readonly onDraft: (draft: Draft) => void;
  readonly onSaved: () => void;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'done'; readonly what: string };

export function SaveBar(props: SaveBarProps) {
  const { loaded, subject, stage, draft, writes, problems, onDraft, onSaved } = props;
  const [state, setState] = useState<State>({ kind: 'idle' });
  const [isAsking, setAsking] = useState(false);
  const [isUndeployed, setUndeployed] = useState(false);
  const [isOutdated, setOutdated] = useState(props.isOutdated);
  const readOnly = useReadOnly();
  const { apiId } = subject.api;
  const follows = stage?.autoDeploy === true;
  const run = async (work: () => Promise<string>): Promise<void> => {
    setState({ kind: 'busy' });
    try {
      setState({ kind: 'done', what: await work() });
    } catch (error) {
      setState({ kind: 'failed', why: sentenceOf(error) });
    }
  };
  const save = (): Promise<void> =>
    run(async () => {
      const stored = await loadSubject(loaded, subject.integration.integrationId);
      if (fingerprint(stored) !== fingerprint(subject)) {
        setOutdated(true);
        onSaved();
        throw new Error('Nothing was saved.');
      }
      try {
        for (const { method, path, body } of writes)
          await call(method, path, body, { region: loaded.region });
      } finally {
        onSaved();
      }
      setOutdated(false);
      setUndeployed(!follows);
      if (stage === undefined) return 'Saved.';
      return follows
        ? `Saved, and live in ${stage.stageName}.`
        : `Saved. ${stage.stageName} does not deploy by itself.`;
    });
  const deploy = (): Promise<void> =>
    run(async () => {
      const body = { stageName: stage!.stageName };
      await call('POST', `/v2/apis/${encodeURIComponent(apiId)}/deployments`, body, {
        region: loaded.region,
      });
      setUndeployed(false);
      onSaved();
      return `Deployed to ${stage!.stageName}.`;
    });
  const nothing = writes.length === 0 ? 'Nothing has changed.' : undefined;
  const wrong = problems.size === 0 ? undefined : 'Something is not right yet: see beside the fields.';
  return (
    <div className="save-bar">
      <Button
        kind="primary"
        onClick={() => void save()}
        disabledBecause={readOnly ?? nothing ?? wrong}
        disabled={state.kind === 'busy'}
      >
        Save
      </Button>
      {isUndeployed && stage !== undefined && (
        <Button onClick={() => void deploy()} disabledBecause={readOnly} disabled={state.kind === 'busy'}>
          Deploy to {stage.stageName}
        </Button>
      )}
      <Button onClick={() => setAsking(true)} disabledBecause={nothing}>
        Discard changes
      </Button>
      <CopyAs subject={subject} draft={draft} />
      <span role="status" className={state.kind === 'failed' ? 'error' : 'muted'}>
        {state.kind === 'failed' && state.why}
        {state.kind === 'busy' && 'Saving …'}
        {state.kind === 'done' && nothing !== undefined && state.what}
        {state.kind !== 'failed' && state.kind !== 'busy' && nothing === undefined && 'Not saved yet.'}
      </span>
      {isOutdated && nothing === undefined && (
        <p className="notice warn">
          What is stored has changed since these changes were begun. Saving writes them over it; discarding
          them shows what is stored.
        </p>
      )}
      {isAsking && (
        <Dialog title="Discard the changes?" onClose={() => setAsking(false)}>
          <p>The mappings go back to what is stored. The request stays.</p>
          <div className="row">
            <Button
              kind="danger"
              onClick={() => {
                onDraft(draftOf(subject));
                setOutdated(false);
                setState({ kind: 'idle' });
                setAsking(false);
              }}
            >
              Discard
            </Button>
            <Button onClick={() => setAsking(false)}>Keep them</Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
