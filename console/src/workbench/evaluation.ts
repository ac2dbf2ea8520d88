// What the server makes of a draft: asked for whenever something changes, and shown only while it is of what stands in the fields.
import { useEffect, useRef, useState } from 'react';
import type { WorkbenchAnswer } from '../../../src/management/postern/workbench-route.ts';
import type { AnyTrace } from '../live/traces.ts';
import { sentenceOf } from '../shell/call-error.ts';
import { call } from '../shell/client.ts';
import { type Latest, latest } from './latest.ts';

export type Answer = WorkbenchAnswer<AnyTrace>;

export interface Evaluation {
  readonly answer: Answer | undefined;
  /** Why the server evaluated nothing. */
  readonly failure: string | undefined;
  /** Something newer is on its way. */
  readonly isBusy: boolean;
}

export interface EvaluationOptions {
  /** The body of POST /_postern/workbench but for its `backend`; undefined while there is nothing to ask. */
  readonly question: object | undefined;
  readonly backend: object;
  readonly region: string;
  /** Told of what a real call came to. */
  readonly onCalled: (answer: Answer) => void;
}

const PAUSE_MILLIS = 100;

interface Asked {
  readonly body: string;
  readonly isCall: boolean;
}

/** The evaluation of the question, and a function that asks it with a real call. */
export function useEvaluation({
  question,
  backend,
  region,
  onCalled,
}: EvaluationOptions): [Evaluation, () => void] {
  const [evaluation, setEvaluation] = useState<Evaluation>({
    answer: undefined,
    failure: undefined,
    isBusy: true,
  });
  const called = useRef(onCalled);
  called.current = onCalled;
  const asking = useRef<Latest<Asked>>(null);
  useEffect(() => {
    const own = latest<Asked, Answer>({
      pauseMillis: PAUSE_MILLIS,
      run: ({ body }) => call<Answer>('POST', '/_postern/workbench', JSON.parse(body), { region }),
      show(answer, { isCall }) {
        setEvaluation({ answer, failure: undefined, isBusy: false });
        if (isCall) called.current(answer);
      },
      fail: (error) => setEvaluation((last) => ({ ...last, failure: sentenceOf(error), isBusy: false })),
    });
    asking.current = own;
    return () => own.stop();
  }, [region]);

  const ask = (asked: Asked): void => {
    setEvaluation((last) => (last.isBusy ? last : { ...last, isBusy: true }));
    asking.current!.ask(asked);
  };
  const body = question === undefined ? undefined : JSON.stringify({ ...question, backend });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is all that matters.
  useEffect(() => {
    if (body !== undefined) ask({ body, isCall: false });
  }, [body, region]);
  return [
    evaluation,
    () =>
      ask({ body: JSON.stringify({ ...question, authorizer: undefined, backend: 'call' }), isCall: true }),
  ];
}
