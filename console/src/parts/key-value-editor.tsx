import { Button } from './button.tsx';

export type Pair = readonly [name: string, value: string];

export interface KeyValueEditorProps {
  /** What the pairs are: `Stage variables`. */
  readonly label: string;
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: readonly Pair[]) => void;
  /** What is wrong with a pair, by its name. */
  readonly errors?: Readonly<Record<string, string>>;
  readonly disabledBecause?: string | undefined;
  readonly nameHint?: string;
  readonly valueHint?: string;
}

/** Pairs of texts in rows, which are added and taken away. */
export function KeyValueEditor(props: KeyValueEditorProps) {
  const {
    label,
    pairs,
    onChange,
    errors = {},
    disabledBecause,
    nameHint = 'name',
    valueHint = 'value',
  } = props;
  const set = (at: number, pair: Pair): void =>
    onChange(pairs.map((each, index) => (index === at ? pair : each)));
  const isDisabled = disabledBecause !== undefined;
  return (
    <fieldset className="pairs" title={disabledBecause}>
      <legend>{label}</legend>
      {pairs.map(([name, value], at) => {
        const error = Object.hasOwn(errors, name) ? errors[name] : undefined;
        const row = at + 1;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; names change while they are typed.
          <div key={at} className={error === undefined ? 'pair' : 'pair invalid'}>
            <input
              aria-label={`${label}: ${nameHint} ${row}`}
              placeholder={nameHint}
              value={name}
              disabled={isDisabled}
              spellCheck={false}
              onChange={(event) => set(at, [event.target.value, value])}
            />
            <input
              aria-label={`${label}: ${valueHint} ${row}`}
              aria-invalid={error === undefined ? undefined : true}
              placeholder={valueHint}
              value={value}
              disabled={isDisabled}
              spellCheck={false}
              onChange={(event) => set(at, [name, event.target.value])}
            />
            <Button
              kind="quiet"
              aria-label={`Remove ${name === '' ? `row ${row}` : name}`}
              disabledBecause={disabledBecause}
              onClick={() => onChange(pairs.filter((_, index) => index !== at))}
            >
              ✕
            </Button>
            {error !== undefined && (
              <p className="error" role="alert">
                {error}
              </p>
            )}
          </div>
        );
      })}
      <Button disabledBecause={disabledBecause} onClick={() => onChange([...pairs, ['', '']])}>
        Add
      </Button>
    </fieldset>
  );
}
