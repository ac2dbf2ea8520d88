// What the output can show (https://no-color.org).

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** Whether to colour: on a terminal, unless NO_COLOR is set to something or the terminal is dumb. FORCE_COLOR wins. */
export function wantsColour(
  isTerminal: boolean,
  environment: { readonly [name: string]: string | undefined },
): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return isTerminal && TERM !== 'dumb';
}

export function createPaint(colour: boolean): Paint {
  const paint =
    (code: number) =>
    (text: string): string =>
      colour && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text;
  return {
    bold: paint(1),
    dim: paint(2),
    red: paint(31),
    green: paint(32),
    yellow: paint(33),
    cyan: paint(36),
  };
}

/** Text from elsewhere, safe to print: control characters, which could drive the terminal, become visible. */
export function printable(text: string): string {
  return text.replace(
    /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** JSON of values from elsewhere, which has no power over the terminal either: what JSON leaves as it is becomes an escape. */
export function harmlessJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(
    /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text from elsewhere that stays on its line, without power over the terminal. */
export function oneLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

/** Of painted text: what paints it takes no room. */
export const shownLength = (text: string): number => text.replace(/\x1b\[\d+m/g, '').length;
