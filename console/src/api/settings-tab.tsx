import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { call } from '../shell/client.ts';
import { useReadOnly } from '../shell/session.ts';
import type { TabProps } from './api.tsx';
import { CorsForm } from './cors-form.tsx';
import { fieldOf, useSave } from './use-save.ts';

/** What an API is called, and which other origins may call it. */
export function SettingsTab(props: TabProps) {
  const { api } = props.whole;
  return (
    <div className="columns">
      <NameForm {...props} key={`${api.name} ${api.description}`} />
      {api.protocolType === 'HTTP' && <CorsForm {...props} key={JSON.stringify(api.corsConfiguration)} />}
    </div>
  );
}

function NameForm({ whole, reload }: TabProps) {
  const { api, region } = whole;
  const readOnly = useReadOnly();
  const { isBusy, error, run, forget } = useSave();
  const [name, setName] = useState(api.name);
  const [description, setDescription] = useState(api.description ?? '');
  const field = fieldOf(error, [
    ['description', /description/i],
    ['name', /./],
  ]);
  const save = async (): Promise<void> => {
    if (await run(() => call('PATCH', `/v2/apis/${api.apiId}`, { name, description }, { region }))) reload();
  };
  const isChanged = name !== api.name || description !== (api.description ?? '');
  return (
    <form
      aria-label="Name and description"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>Name</h2>
      <Field label="Name" error={field === 'name' ? error : undefined} disabledBecause={readOnly}>
        {(input) => (
          <input
            {...input}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
              forget();
            }}
          />
        )}
      </Field>
      <Field
        label="Description"
        error={field === 'description' ? error : undefined}
        disabledBecause={readOnly}
      >
        {(input) => (
          <textarea
            {...input}
            rows={3}
            value={description}
            onChange={(event) => {
              setDescription(event.target.value);
              forget();
            }}
          />
        )}
      </Field>
      <Button
        type="submit"
        kind={isChanged ? 'primary' : undefined}
        disabled={isBusy || !isChanged}
        disabledBecause={readOnly}
      >
        Save
      </Button>
    </form>
  );
}
