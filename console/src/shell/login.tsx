// The form of who must sign: an access key of `credentials`.
import { type FormEvent, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { enter } from './session.ts';

export function Login({ refused }: { readonly refused: string | undefined }) {
  const [isBusy, setBusy] = useState(false);
  if (window.crypto.subtle === undefined) return <NoCrypto />;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string): string => String(data.get(name) ?? '').trim();
    const sessionToken = text('token');
    setBusy(true);
    void enter({
      accessKeyId: text('key'),
      secretAccessKey: text('secret'),
      ...(sessionToken === '' ? {} : { sessionToken }),
      region: text('region') || 'us-east-1',
    }).finally(() => setBusy(false));
  };
  return (
    <form className="login" onSubmit={submit} autoComplete="off">
      <h1>Log in</h1>
      <p className="muted">
        This server takes signed requests only. Use an access key of its <code>credentials</code>. The secret
        stays in the memory of this tab; requests carry signatures.
      </p>
      {refused !== undefined && (
        <p className="notice bad" role="alert">
          {refused}
        </p>
      )}
      <Field label="Access key ID">
        {(props) => <input {...props} name="key" required spellCheck={false} autoComplete="off" />}
      </Field>
      <Field label="Secret access key">
        {(props) => <input {...props} name="secret" type="password" required autoComplete="off" />}
      </Field>
      <Field label="Session token" hint="Only for temporary credentials.">
        {(props) => <input {...props} name="token" type="password" autoComplete="off" />}
      </Field>
      <Field label="Region">
        {(props) => <input {...props} name="region" defaultValue="us-east-1" spellCheck={false} />}
      </Field>
      <Button kind="primary" type="submit" disabled={isBusy}>
        {isBusy ? 'Logging in …' : 'Log in'}
      </Button>
    </form>
  );
}

/** Browsers have no cryptography on pages that came over plain HTTP from another machine. */
function NoCrypto() {
  return (
    <div className="login">
      <h1>Log in</h1>
      <p className="notice warn">
        This browser signs nothing on a page that came over plain HTTP from another machine. Open the console
        by HTTPS, or through a tunnel to this server's port on 127.0.0.1.
      </p>
    </div>
  );
}
