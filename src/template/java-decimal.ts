// Decimals as Java's BigDecimal reads and prints them.
const DECIMAL = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,9}))?$/;

/** The text of a decimal, all of its digits kept; undefined for what is none, or has an exponent beyond all bounds. */
export function decimalText(text: string): string | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const scale = fraction.length - Number(exponent);
  const digits = (whole + fraction).replace(/^0+(?=\d)/, '');
  const minus = sign === '-' && /[1-9]/.test(digits) ? '-' : '';
  const power = digits.length - 1 - scale;
  if (scale < 0 || power < -6) {
    const behind = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${minus}${digits[0]}${behind}E${power < 0 ? '' : '+'}${power}`;
  }
  const padded = digits.padStart(scale + 1, '0');
  const point = padded.length - scale;
  return `${minus}${padded.slice(0, point)}${scale > 0 ? `.${padded.slice(point)}` : ''}`;
}
