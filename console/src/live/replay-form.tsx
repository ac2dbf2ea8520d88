// A recorded request sent again, with edits, and what came of it beside what came of the first.
import { type FormEvent, useState } from 'react';
import type { RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { KeyValueEditor } from '../parts/key-value-editor.tsx';
import { sentenceOf } from '../shell/call-error.ts';
import { call } from '../shell/client.ts';
import { useReadOnly } from '../shell/session.ts';
import { type Compared, comparedRecorded, comparedTrace } from './compared.ts';
import { Comparison } from './comparison.tsx';
import { editedOf, explainCallOf, maskedHeaders, mistakesOf } from './replay.ts';
import type { RequestParts } from './request-parts.ts';
import { type Bodies, Steps } from './steps.tsx';
import type { AnyTrace } from './traces.ts';

export interface ReplayFormProps {
  readonly original: RecordedRequest;
  readonly parts: RequestParts;
}

type Outcome =
  | { readonly kind: 'none' | 'asked' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'done'; readonly trace: AnyTrace; readonly compared: Compared; readonly bodies: Bodies };

export function ReplayForm({ original, parts }: ReplayFormProps) {
  const [edited, setEdited] = useState(() => editedOf(parts));
  const [isTried, setTried] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const readOnly = useReadOnly();
  const mistakes = mistakesOf(parts, edited);
  const shown = isTried ? mistakes : {};
  const masked = maskedHeaders(parts);
  const isHttp = parts.kind === 'http';

  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(mistakes).length > 0) return;
    setOutcome({ kind: 'asked' });
    try {
      const trace = await call<AnyTrace>('POST', '/_postern/explain', explainCallOf(parts, edited));
      const record = await recorded(trace.requestId);
      setOutcome({
        kind: 'done',
        trace,
        compared:
          record === undefined ? comparedTrace(trace, edited.body) : comparedRecorded(record, 'the replay'),
        bodies: record ?? {},
      });
    } catch (error) {
      setOutcome({ kind: 'failed', why: sentenceOf(error) });
    }
  };

  return (
    <section className="replay" aria-label="Replay">
      <form onSubmit={(event) => void send(event)}>
        <p className="muted">This sends a request for real: its integration is called.</p>
        {isHttp && (
          <Field label="Method">
            {(props) => (
              <input
                {...props}
                value={edited.method}
                spellCheck={false}
                onChange={({ target }) => setEdited({ ...edited, method: target.value })}
              />
            )}
          </Field>
        )}
        <Field label="URL" error={shown.url}>
          {(props) => (
            <input
              {...props}
              className="code"
              value={edited.url}
              spellCheck={false}
              onChange={({ target }) => setEdited({ ...edited, url: target.value })}
            />
          )}
        </Field>
        {masked.length > 0 && (
          <p className="notice warn">
            Masked when it was recorded: {masked.join(', ')}. Fill in what is needed; what is left as it is
            will not be sent.
          </p>
        )}
        <KeyValueEditor
          label="Headers"
          pairs={edited.headers}
          onChange={(headers) => setEdited({ ...edited, headers })}
        />
        {parts.kind !== 'connect' && (
          <Field
            label={isHttp ? 'Body' : 'Message'}
            error={shown.body}
            hint={
              parts.body?.isTruncated === true ? 'This is its beginning: the rest was not kept.' : undefined
            }
          >
            {(props) => (
              <textarea
                {...props}
                className="code"
                rows={6}
                value={edited.body}
                spellCheck={false}
                onChange={({ target }) => setEdited({ ...edited, body: target.value })}
              />
            )}
          </Field>
        )}
        <Button kind="primary" type="submit" disabled={outcome.kind === 'asked'} disabledBecause={readOnly}>
          {outcome.kind === 'asked' ? 'Sending …' : 'Send'}
        </Button>
      </form>
      {outcome.kind === 'failed' && (
        <p className="notice bad" role="alert">
          {outcome.why}
        </p>
      )}
      {outcome.kind === 'done' && (
        <section aria-label="Result of the replay">
          <Comparison one={comparedRecorded(original, 'the recorded one')} other={outcome.compared} />
          <details>
            <summary>Every step of the replay</summary>
            <Steps trace={outcome.trace} bodies={outcome.bodies} />
          </details>
        </section>
      )}
    </section>
  );
}

/** The replay as the server has recorded it, with bodies and times of its parts. */
async function recorded(id: string): Promise<RecordedRequest | undefined> {
  try {
    return await call<RecordedRequest>('GET', `/_postern/requests/${encodeURIComponent(id)}`);
  } catch {
    return undefined;
  }
}
