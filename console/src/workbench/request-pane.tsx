// The request that the mappings are tried with: typed, pasted as curl, or a recorded one.
import { type ClipboardEvent, useId, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { KeyValueEditor } from '../parts/key-value-editor.tsx';
import { sentenceOf } from '../shell/call-error.ts';
import { isCurl, parseCurl } from './curl/curl.ts';
import { Editor } from './editor/editor.tsx';
import { authorizerProblem } from './question.ts';
import { stagePath } from './stage-path.ts';
import type { RequestDraft } from './work-drafts.ts';

export interface RequestPaneProps {
  readonly request: RequestDraft;
  readonly apiId: string;
  readonly stage: string | undefined;
  readonly onChange: (request: RequestDraft) => void;
  /** Sentences on where the request comes from. */
  readonly notes: readonly string[];
  /** Of the route: `NONE`, `JWT`, `CUSTOM` or `AWS_IAM`. */
  readonly authorizationType: string;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export function RequestPane({ request, apiId, stage, onChange, notes, authorizationType }: RequestPaneProps) {
  const [said, setSaid] = useState<{ readonly error?: string; readonly notes?: readonly string[] }>({});
  const set = (members: Partial<RequestDraft>): void => onChange({ ...request, ...members });
  const takeCurl = (command: string): boolean => {
    try {
      const { request: taken, notes: about } = parseCurl(command);
      set({ ...taken, url: stagePath(taken.url, apiId, stage) });
      setSaid({ notes: about });
      return true;
    } catch (error) {
      setSaid({ error: sentenceOf(error) });
      return false;
    }
  };
  const pasteUrl = (event: ClipboardEvent): void => {
    const text = event.clipboardData.getData('text');
    if (!isCurl(text)) return;
    event.preventDefault();
    takeCurl(text);
  };
  const methods = METHODS.includes(request.method) ? METHODS : [request.method, ...METHODS];
  return (
    <>
      <div className="method-url">
        <Field label="Method">
          {(props) => (
            <select
              {...props}
              value={request.method}
              onChange={(event) => set({ method: event.target.value })}
            >
              {methods.map((method) => (
                <option key={method}>{method}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Path or URL">
          {(props) => (
            <input
              {...props}
              className="code"
              value={request.url}
              spellCheck={false}
              placeholder="/pets/7?color=red"
              onPaste={pasteUrl}
              onChange={(event) => set({ url: event.target.value })}
            />
          )}
        </Field>
      </div>
      <CurlField onTake={takeCurl} error={said.error} />
      {[...notes, ...(said.notes ?? [])].map((note) => (
        <p key={note} className="notice info">
          {note}
        </p>
      ))}
      <KeyValueEditor
        label="Headers"
        pairs={request.headers}
        onChange={(headers) => set({ headers })}
        nameHint="name"
        valueHint="value"
      />
      <div className="field">
        <span className="label">Body</span>
        <Editor
          label="Body of the request"
          value={request.body}
          onChange={(body) => set({ body })}
          language="json"
          isMultiline
          hint="none"
        />
      </div>
      {(authorizationType === 'JWT' || authorizationType === 'CUSTOM') && (
        <Field
          label="What the authorizer found"
          hint="For $context.authorizer. A trial asks no authorizer; a real call does."
          error={authorizerProblem(request.authorizer)}
        >
          {(props) => (
            <textarea
              {...props}
              className="code"
              rows={3}
              value={request.authorizer}
              spellCheck={false}
              placeholder={
                authorizationType === 'JWT' ? '{"claims": {"sub": "u1"}}' : '{"context": {"tenant": "t1"}}'
              }
              onChange={(event) => set({ authorizer: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}

interface CurlFieldProps {
  readonly onTake: (command: string) => boolean;
  readonly error: string | undefined;
}

function CurlField({ onTake, error }: CurlFieldProps) {
  const [command, setCommand] = useState('');
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const take = (text: string): void => {
    if (!onTake(text)) return;
    setCommand('');
    setOpen(false);
  };
  return (
    <details open={isOpen || error !== undefined} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Paste as curl</summary>
      <Field label="Command" error={error}>
        {(props) => (
          <textarea
            {...props}
            className="code"
            rows={4}
            value={command}
            spellCheck={false}
            placeholder="curl -X POST https://… -H 'X-Version: 7' --json '{}'"
            onChange={(event) => setCommand(event.target.value)}
            onPaste={(event) => {
              const text = event.clipboardData.getData('text');
              if (command !== '' || !isCurl(text)) return;
              event.preventDefault();
              setCommand(text);
              take(text);
            }}
          />
        )}
      </Field>
      <Button id={`${id}-take`} onClick={() => take(command)} disabled={command.trim() === ''}>
        Take it over
      </Button>
    </details>
  );
}
