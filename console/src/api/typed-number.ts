const LARGEST_INTEGER = 2_147_483_647;

/** The number that was typed where AWS has a decimal number; `what` is AWS's name of it. What is no number is told here, because the
 *  server's sentence about it does not say which it was. */
export function typedNumber(what: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new Error(`${what} must be a number`);
  return number;
}

/** The same of an integer of 32 bits. */
export function typedInteger(what: string, text: string): number {
  const number = typedNumber(what, text);
  if (!Number.isInteger(number) || Math.abs(number) > LARGEST_INTEGER)
    throw new Error(`${what} must be a whole number, ${LARGEST_INTEGER} at most`);
  return number;
}
