import { type FormEvent, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { sentenceOf } from '../shell/call-error.ts';
import { call } from '../shell/client.ts';
import { useReadOnly } from '../shell/session.ts';

/** A message to a client, as its API would send it by @connections. */
export function SendForm({ id, onSent }: { readonly id: string; readonly onSent: () => void }) {
  const [text, setText] = useState('');
  const [state, setState] = useState<'idle' | 'asked' | 'sent'>('idle');
  const [problem, setProblem] = useState<string>();
  const readOnly = useReadOnly();
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setState('asked');
    setProblem(undefined);
    try {
      await call('POST', `/_postern/connections/${encodeURIComponent(id)}`, { text });
      setState('sent');
      onSent();
    } catch (error) {
      setState('idle');
      setProblem(sentenceOf(error));
    }
  };
  return (
    <form className="send" onSubmit={(event) => void send(event)}>
      <Field label="Message to the client" hint={formOf(text)} error={problem} disabledBecause={readOnly}>
        {(props) => (
          <textarea
            {...props}
            className="code"
            rows={3}
            value={text}
            spellCheck={false}
            onChange={({ target }) => {
              setText(target.value);
              setState('idle');
            }}
          />
        )}
      </Field>
      <div className="row">
        <Button
          kind="primary"
          type="submit"
          disabled={text === '' || state === 'asked'}
          disabledBecause={readOnly}
        >
          Send
        </Button>
        <span role="status">{state === 'sent' ? 'Sent.' : ''}</span>
      </div>
    </form>
  );
}

/** What begins as JSON is said to be some, or why it is none. */
function formOf(text: string): string {
  if (!/^\s*[{[]/.test(text)) return 'Sent as one text frame.';
  try {
    JSON.parse(text);
    return 'Sent as one text frame. It is JSON.';
  } catch (error) {
    return `Sent as one text frame. It is no JSON: ${sentenceOf(error)}`;
  }
}
