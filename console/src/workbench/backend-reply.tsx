// What the backend answers while mappings are tried: what it got, what somebody has written, or what it really answers.
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { KeyValueEditor } from '../parts/key-value-editor.tsx';
import { Editor } from './editor/editor.tsx';
import type { ReplyDraft } from './work-drafts.ts';

export interface BackendReplyProps {
  readonly reply: ReplyDraft;
  readonly onChange: (reply: ReplyDraft) => void;
  /** Calls the backend, once. */
  readonly onCall: () => void;
  readonly cannotCallBecause: string | undefined;
  /** What stands in for the backend: `function`, `backend`, `service`. */
  readonly what: string;
}

export function BackendReply({ reply, onChange, onCall, cannotCallBecause, what }: BackendReplyProps) {
  const set = (members: Partial<ReplyDraft>): void => onChange({ ...reply, ...members });
  const statusError = /^[2-5]\d\d$/.test(reply.status) ? undefined : 'A status is a number from 200 to 599.';
  return (
    <>
      <div className="row fields">
        <Field label="It answers">
          {(props) => (
            <select
              {...props}
              value={reply.kind}
              onChange={(event) => set({ kind: event.target.value as ReplyDraft['kind'] })}
            >
              <option value="echo">with what it got, as JSON</option>
              <option value="given">as I say</option>
            </select>
          )}
        </Field>
        {reply.kind === 'given' && (
          <Field label="Status" error={statusError}>
            {(props) => (
              <input
                {...props}
                className="code short"
                inputMode="numeric"
                value={reply.status}
                onChange={(event) => set({ status: event.target.value.trim() })}
              />
            )}
          </Field>
        )}
        <Button
          onClick={onCall}
          disabledBecause={cannotCallBecause}
          title={`Calls the ${what} once, with this request and these mappings; its answer stays here`}
        >
          Call for real
        </Button>
      </div>
      {reply.kind === 'given' && (
        <details>
          <summary>{`Headers (${reply.headers.length}) and body (${reply.body.length} characters)`}</summary>
          <KeyValueEditor
            label="Headers of the answer"
            pairs={reply.headers}
            onChange={(headers) => set({ headers })}
          />
          <div className="field">
            <span className="label">Body of the answer</span>
            <Editor
              label="Body of the answer"
              value={reply.body}
              onChange={(body) => set({ body })}
              language="json"
              isMultiline
              hint="none"
            />
          </div>
        </details>
      )}
    </>
  );
}
