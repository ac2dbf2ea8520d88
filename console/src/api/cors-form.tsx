import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { call } from '../shell/client.ts';
import { useReadOnly } from '../shell/session.ts';
import type { TabProps } from './api.tsx';
import { typedInteger } from './typed-number.ts';
import { fieldOf, useSave } from './use-save.ts';

type List = 'allowOrigins' | 'allowMethods' | 'allowHeaders' | 'exposeHeaders';

const LISTS: readonly (readonly [List, label: string, hint: string])[] = [
  ['allowOrigins', 'Origins', 'https://example.com, or * for all'],
  ['allowMethods', 'Methods', 'GET, POST, or * for all'],
  ['allowHeaders', 'Request headers', 'content-type, authorization'],
  ['exposeHeaders', 'Response headers that scripts may read', ''],
];

const listOf = (text: string): readonly string[] => text.split(/[\s,]+/).filter((each) => each !== '');

/** The CORS configuration of an HTTP API, saved by UpdateApi and removed by DeleteCorsConfiguration. */
export function CorsForm({ whole, reload }: TabProps) {
  const { api, region } = whole;
  const cors = api.corsConfiguration;
  const readOnly = useReadOnly();
  const { isBusy, error, run, forget } = useSave();
  const [texts, setTexts] = useState<Readonly<Record<List, string>>>(
    () =>
      Object.fromEntries(LISTS.map(([list]) => [list, cors?.[list]?.join(', ') ?? ''])) as Record<
        List,
        string
      >,
  );
  const [maxAge, setMaxAge] = useState(String(cors?.maxAge ?? ''));
  const [credentials, setCredentials] = useState(cors?.allowCredentials ?? false);
  const field = fieldOf<List | 'maxAge' | 'allowCredentials'>(error, [
    ['allowCredentials', /credentials/i],
    ['allowMethods', /allowMethods/],
    ['allowHeaders', /allowHeaders/],
    ['exposeHeaders', /exposeHeaders/],
    ['maxAge', /maxAge|number/],
    ['allowOrigins', /./],
  ]);
  const path = `/v2/apis/${api.apiId}`;
  const save = async (): Promise<void> => {
    const isSaved = await run(async () => {
      const lists = Object.fromEntries(LISTS.map(([list]) => [list, listOf(texts[list])]));
      const age = maxAge === '' ? {} : { maxAge: typedInteger('maxAge', maxAge) };
      const corsConfiguration = { ...lists, ...age, allowCredentials: credentials };
      await call('PATCH', path, { corsConfiguration }, { region });
    });
    if (isSaved) reload();
  };
  const remove = async (): Promise<void> => {
    if (await run(() => call('DELETE', `${path}/cors`, undefined, { region }))) reload();
  };
  return (
    <form
      aria-label="CORS"
      onChange={forget}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>CORS</h2>
      <p className="muted">
        {cors === undefined
          ? 'It has none: preflight requests go to routes, and browsers let other origins read nothing.'
          : 'Preflight requests are answered by the gateway, and its replies say who may read them.'}
      </p>
      {LISTS.map(([list, label, hint]) => (
        <Field
          key={list}
          label={label}
          hint={hint === '' ? undefined : hint}
          error={field === list ? error : undefined}
          disabledBecause={readOnly}
        >
          {(input) => (
            <input
              {...input}
              spellCheck={false}
              value={texts[list]}
              onChange={(event) => setTexts({ ...texts, [list]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <Field
        label="Seconds that preflights are kept"
        error={field === 'maxAge' ? error : undefined}
        disabledBecause={readOnly}
      >
        {(input) => (
          <input
            {...input}
            inputMode="numeric"
            value={maxAge}
            onChange={(event) => setMaxAge(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Credentials"
        error={field === 'allowCredentials' ? error : undefined}
        disabledBecause={readOnly}
      >
        {(input) => (
          <input
            {...input}
            type="checkbox"
            checked={credentials}
            onChange={(event) => setCredentials(event.target.checked)}
          />
        )}
      </Field>
      <div className="row">
        <Button type="submit" kind="primary" disabled={isBusy} disabledBecause={readOnly}>
          {cors === undefined ? 'Turn CORS on' : 'Save CORS'}
        </Button>
        {cors !== undefined && (
          <Button kind="danger" disabled={isBusy} disabledBecause={readOnly} onClick={() => void remove()}>
            Remove CORS
          </Button>
        )}
      </div>
    </form>
  );
}
