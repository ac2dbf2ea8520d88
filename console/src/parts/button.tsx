import type { ButtonHTMLAttributes } from 'react';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` for the one thing to do, `danger` for what takes away, `quiet` without a frame. */
  readonly kind?: 'primary' | 'danger' | 'quiet' | undefined;
  /** Why it cannot be pressed; it is shown as its title, and read. Pressable when undefined. */
  readonly disabledBecause?: string | undefined;
}

export function Button({ kind, disabledBecause, className, disabled, title, ...rest }: ButtonProps) {
  const names = ['button', kind, className].filter((name) => name !== undefined).join(' ');
  const why = disabledBecause;
  return (
    <button
      type="button"
      {...rest}
      className={names}
      disabled={disabled === true || why !== undefined}
      title={why ?? title}
      {...(why === undefined ? {} : { 'aria-description': why })}
    />
  );
}
