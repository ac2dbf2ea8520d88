import { type ReactNode, useId } from 'react';

/** What an input gets from its field. */
export interface FieldInput {
  readonly id: string;
  readonly 'aria-invalid'?: true | undefined;
  readonly 'aria-describedby'?: string | undefined;
  readonly disabled?: boolean | undefined;
}

export interface FieldProps {
  readonly label: ReactNode;
  /** Said below in any case. */
  readonly hint?: ReactNode;
  /** What is wrong with the value: the server's sentence. */
  readonly error?: string | undefined;
  /** Why it cannot be changed; it can when undefined. */
  readonly disabledBecause?: string | undefined;
  /** The input: `{(props) => <input {...props} … />}`. */
  readonly children: (props: FieldInput) => ReactNode;
}

/** A labelled input with its hint and its error beside it. */
export function Field({ label, hint, error, disabledBecause, children }: FieldProps) {
  const id = useId();
  const said = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className={error === undefined ? 'field' : 'field invalid'} title={disabledBecause}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(error === undefined ? {} : { 'aria-invalid': true as const }),
        ...(said === '' ? {} : { 'aria-describedby': said }),
        ...(disabledBecause === undefined ? {} : { disabled: true }),
      })}
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
