// What an integration is besides its mappings: where it leads, how, and for how long.
import type { ReactNode } from 'react';
import type { IntegrationDocument } from '../../api/documents.ts';
import { Field, type FieldInput } from '../../parts/field.tsx';
import { useBench } from '../bench-context.tsx';
import type { Draft } from '../draft/draft.ts';
import { capitalised, type Setting, settingsOf } from '../draft/settings.ts';
import { settingId } from '../lines/line.ts';
import { pointing, useMarks } from '../marks.tsx';

export interface SettingsEditorProps {
  readonly integration: IntegrationDocument;
  readonly protocol: 'HTTP' | 'WEBSOCKET';
  readonly settings: Draft['settings'];
  readonly onChange: (settings: Draft['settings']) => void;
}

const LABELS: Readonly<Record<Setting, string>> = {
  integrationUri: 'URI',
  integrationMethod: 'Method',
  timeoutInMillis: 'Time-out (ms)',
  payloadFormatVersion: 'Payload format',
  templateSelectionExpression: 'Template selection',
  passthroughBehavior: 'Passthrough',
  contentHandlingStrategy: 'Content handling',
};

const CHOICES: Readonly<Partial<Record<Setting, readonly string[]>>> = {
  integrationMethod: ['ANY', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
  payloadFormatVersion: ['1.0', '2.0'],
  passthroughBehavior: ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'],
  contentHandlingStrategy: ['', 'CONVERT_TO_BINARY', 'CONVERT_TO_TEXT'],
};

export function SettingsEditor({ integration, protocol, settings, onChange }: SettingsEditorProps) {
  return (
    <div className="settings">
      {settingsOf(integration, protocol).map((name) => (
        <SettingField
          key={name}
          name={name}
          value={settings[name]}
          onChange={(value) => onChange({ ...settings, [name]: value })}
        />
      ))}
    </div>
  );
}

interface SettingFieldProps {
  readonly name: Setting;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function SettingField({ name, value, onChange }: SettingFieldProps) {
  const { problems } = useBench();
  const { marked, mark } = useMarks();
  const id = settingId(capitalised(name));
  return (
    <div
      className={`setting ${name}${marked === id ? ' marked' : ''}`}
      data-mapping={id}
      {...pointing(mark, id)}
    >
      <Field label={LABELS[name]} error={problems.get(name) ?? problems.get(id)}>
        {(props) => inputOf(name, value, onChange, props)}
      </Field>
    </div>
  );
}

function inputOf(
  name: Setting,
  value: string,
  onChange: (value: string) => void,
  props: FieldInput,
): ReactNode {
  const choices = CHOICES[name];
  if (choices === undefined) {
    return (
      <input
        {...props}
        className="code"
        value={value}
        spellCheck={false}
        inputMode={name === 'timeoutInMillis' ? 'numeric' : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  const all = choices.includes(value) ? choices : [value, ...choices];
  return (
    <select {...props} value={value} onChange={(event) => onChange(event.target.value)}>
      {all.map((choice) => (
        <option key={choice} value={choice}>
          {choice === '' ? 'as it is' : choice}
        </option>
      ))}
    </select>
  );
}
