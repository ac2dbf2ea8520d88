// What an error of the server is about: `RequestParameters["append:header.x"]` as its names.

const PATH = /^([A-Za-z]+)((?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])*)(?:\.(.*))?$/s;
const STEP = /\[("(?:[^"\\]|\\.)*"|\d+)\]/g;

/** `['RequestParameters', 'append:header.x']`; empty where no field is named. */
export function readFieldPath(field: string): readonly string[] {
  const [, name, steps = '', rest] = PATH.exec(field) ?? [];
  if (name === undefined) return [];
  const keys = [...steps.matchAll(STEP)].map(([, step]) => String(JSON.parse(step!)));
  return [name, ...keys, ...(rest === undefined ? [] : readFieldPath(rest))];
}
