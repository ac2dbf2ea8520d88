// What the list is narrowed to. Each change is a change of the address.

import { useEffect, useRef, useState } from 'react';
import { REQUEST_KINDS } from '../../../src/stage/request-summary.ts';
import { Button } from '../parts/button.tsx';
import { visibleText } from '../parts/visible-text.ts';
import type { ApiChoice } from './api-choices.ts';
import type { FilterName, Filters } from './filters.ts';

const CLASSES = ['2xx', '3xx', '4xx', '5xx'];

/** A filter of text waits for the end of a word. */
const PAUSE_MILLIS = 250;

export interface FilterBarProps {
  readonly filters: Filters;
  readonly apis: readonly ApiChoice[];
  readonly onChange: (filters: Filters) => void;
}

export function FilterBar({ filters, apis, onChange }: FilterBarProps) {
  const api = apis.find(({ apiId }) => apiId === filters.api);
  const set = (name: FilterName) => (value: string) =>
    // Stages and routes are of an API.
    onChange(
      name === 'api' ? { ...filters, api: value, stage: '', route: '' } : { ...filters, [name]: value },
    );
  return (
    <search className="row filters">
      <Choice
        label="API"
        value={filters.api}
        options={apis.map(({ apiId, name }) => [apiId, `${visibleText(name)} (${apiId})`])}
        onChange={set('api')}
      />
      {api !== undefined && (
        <>
          <Choice
            label="Stage"
            value={filters.stage}
            options={api.stages.map(itself)}
            onChange={set('stage')}
          />
          <Choice
            label="Route"
            value={filters.route}
            options={api.routes.map(itself)}
            onChange={set('route')}
          />
        </>
      )}
      <Choice label="Status" value={filters.status} options={CLASSES.map(itself)} onChange={set('status')} />
      <Choice label="Kind" value={filters.kind} options={REQUEST_KINDS.map(itself)} onChange={set('kind')} />
      <TextFilter value={filters.text ?? ''} onChange={set('text')} />
      {Object.values(filters).some((value) => value !== '') && (
        <Button kind="quiet" onClick={() => onChange({})}>
          No filters
        </Button>
      )}
    </search>
  );
}

const itself = (text: string): readonly [string, string] => [text, text];

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value = '', options, onChange }: ChoiceProps) {
  const isListed = value === '' || options.some(([each]) => each === value);
  return (
    <label>
      {label}
      <select value={value} onChange={({ target }) => onChange(target.value)}>
        <option value="">any</option>
        {!isListed && <option value={value}>{value}</option>}
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function TextFilter({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  const changed = useRef(onChange);
  changed.current = onChange;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => changed.current(text), PAUSE_MILLIS);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <label>
      Text
      <input type="search" value={text} spellCheck={false} onChange={({ target }) => setText(target.value)} />
    </label>
  );
}
