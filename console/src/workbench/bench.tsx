// The three columns of one integration, and what joins them.
import { useEffect, useMemo, useState } from 'react';
import type { RouteDocument, StageDocument } from '../api/documents.ts';
import { isOfSocket } from '../live/traces.ts';
import { useReadOnly } from '../shell/session.ts';
import { BackendReply } from './backend-reply.tsx';
import { BenchContext, type BenchFacts } from './bench-context.tsx';
import { writesOf } from './draft/changes.ts';
import { type Draft, draftProblems } from './draft/draft.ts';
import type { Subject } from './draft/stored.ts';
import { useEvaluation } from './evaluation.ts';
import { findingsOf, nameOf, stepsOf } from './findings.ts';
import { keepWork, keptWork } from './kept-work.ts';
import type { LoadedApi } from './load.ts';
import { MappingPane } from './mapping-pane.tsx';
import { MarksProvider } from './marks.tsx';
import { MessagePane } from './message-pane.tsx';
import { backendOf, idsOf, questionOf, realReply, whatAnswers } from './question.ts';
import type { RecordedWork } from './recorded-work.ts';
import { BackendSide, ClientSide, Section } from './result-pane.tsx';
import { SaveBar } from './save-bar.tsx';
import { SocketMappingPane } from './socket-mapping-pane.tsx';
import { SocketBackendSide, SocketClientSide } from './socket-result.tsx';
import { useCompletions } from './use-completions.ts';
import { newWork, type Work } from './work-drafts.ts';

export interface BenchProps {
  readonly loaded: LoadedApi;
  readonly subject: Subject;
  readonly route: RouteDocument | undefined;
  readonly stage: StageDocument | undefined;
  readonly recorded: RecordedWork | undefined;
  /** Told when what is stored has changed. */
  readonly onSaved: () => void;
}

export function Bench({ loaded, subject, route, stage, recorded, onSaved }: BenchProps) {
  const { api, integration } = subject;
  const routeKey = route?.routeKey ?? '';
  const [start] = useState(() => startOf(subject, routeKey, recorded));
  const [work, setWork] = useState<Work>(start.work);
  const { draft, request, reply } = work;
  const set = (members: Partial<Work>): void => setWork((last) => ({ ...last, ...members }));
  const writes = useMemo(() => writesOf(subject, draft), [subject, draft]);
  useKeeping(subject, work, writes.length > 0);

  const place = { subject, route, stage };
  const [evaluation, callForReal] = useEvaluation({
    question: questionOf(place, work),
    backend: backendOf(reply),
    region: loaded.region,
    onCalled: ({ trace }) => {
      const answered = trace === undefined ? undefined : realReply(trace);
      if (answered !== undefined) set({ reply: answered });
    },
  });
  const { answer, failure, isBusy } = evaluation;
  const { trace } = answer ?? {};
  const ofSocket = trace !== undefined && isOfSocket(trace) ? trace : undefined;
  const ofHttp = trace === undefined || isOfSocket(trace) ? undefined : trace;
  const setDraft = (changed: Draft): void => set({ draft: changed });
  const found = useMemo(
    () =>
      findingsOf(
        answer?.errors ?? [],
        idsOf(draft),
        draft.responses.map(({ key }) => key),
      ),
    [answer, draft],
  );
  const completions = useCompletions(place, work);
  const facts: BenchFacts = useMemo(
    () => ({
      problems: new Map([...found.problems, ...draftProblems(draft)]),
      steps: stepsOf(trace),
      complete: completions,
    }),
    [found, draft, trace, completions],
  );
  const readOnly = useReadOnly();
  const what = whatAnswers(integration);
  return (
    <BenchContext value={facts}>
      <MarksProvider>
        <SaveBar
          loaded={loaded}
          subject={subject}
          stage={stage}
          draft={draft}
          writes={writes}
          isOutdated={start.isOutdated}
          problems={facts.problems}
          onDraft={setDraft}
          onSaved={onSaved}
        />
        {[...found.others, ...(failure === undefined ? [] : [failure])].map((text) => (
          <p key={text} className="notice bad" role="alert">
            {text}
          </p>
        ))}
        <div className="columns">
          <section className="column" aria-label="Request">
            <h2>Request</h2>
            <MessagePane
              protocol={api.protocolType}
              routeKey={routeKey}
              request={request}
              apiId={api.apiId}
              stage={stage?.stageName}
              notes={recorded?.notes ?? []}
              authorizationType={route?.authorizationType ?? 'NONE'}
              onChange={(changed) => set({ request: changed })}
            />
          </section>
          <section className="column" aria-label="Mapping">
            <h2>Mapping</h2>
            {api.protocolType === 'HTTP' ? (
              <MappingPane subject={subject} draft={draft} trace={ofHttp} onChange={setDraft} />
            ) : (
              <SocketMappingPane subject={subject} draft={draft} trace={ofSocket} onChange={setDraft} />
            )}
          </section>
          <section className="column results" aria-label="Result" aria-busy={isBusy}>
            <h2>Result</h2>
            {ofHttp !== undefined && <BackendSide trace={ofHttp} body={request.body} nameOf={nameOf} />}
            {ofSocket !== undefined && <SocketBackendSide trace={ofSocket} nameOf={nameOf} />}
            {integration.integrationType !== 'MOCK' && (
              <Section title={`Answer of the ${what}`}>
                <BackendReply
                  reply={reply}
                  what={what}
                  onChange={(changed) => set({ reply: changed })}
                  onCall={callForReal}
                  cannotCallBecause={readOnly}
                />
              </Section>
            )}
            {ofHttp !== undefined && <ClientSide trace={ofHttp} nameOf={nameOf} />}
            {ofSocket !== undefined && <SocketClientSide trace={ofSocket} nameOf={nameOf} />}
            <p className="unseen" role="status">
              {isBusy ? '' : summaryOf(trace?.reply?.status, facts.problems.size)}
            </p>
          </section>
        </div>
      </MarksProvider>
    </BenchContext>
  );
}

function summaryOf(status: number | undefined, problems: number): string {
  const wrong =
    problems === 0 ? '' : ` ${problems} ${problems === 1 ? 'mapping is' : 'mappings are'} not right.`;
  return status === undefined ? `The draft cannot be run.${wrong}` : `The client gets ${status}.${wrong}`;
}

/** What was on the bench before, with the recorded request where there is one. */
function startOf(subject: Subject, routeKey: string, recorded: RecordedWork | undefined) {
  const kept = keptWork(subject);
  const work = kept?.work ?? newWork(subject, routeKey);
  const isOutdated = kept?.isOutdated === true && writesOf(subject, work.draft).length > 0;
  const current =
    kept?.isOutdated === true && !isOutdated ? { ...work, draft: newWork(subject, routeKey).draft } : work;
  if (recorded === undefined) return { work: current, isOutdated };
  return { work: { ...current, request: recorded.request, reply: recorded.reply }, isOutdated };
}

/** Keeps the work for the tab; whoever would leave the console with changes is asked. */
function useKeeping(subject: Subject, work: Work, hasChanges: boolean): void {
  useEffect(() => keepWork(subject, work), [subject, work]);
  useEffect(() => {
    if (!hasChanges) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [hasChanges]);
}
