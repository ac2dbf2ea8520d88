// JSON as lines, of which a mapping is known by the name of its member: the input of an AWS service, an event.
import { type Line, mappingId } from './line.ts';

const MEMBER = /^\s*("(?:[^"\\]|\\.)*"):/;

/** Pretty lines of a value. `keys` are those of the mappings that made it: `QueueUrl`, `MessageBody`. */
export function jsonLines(value: unknown, keys: readonly string[]): readonly Line[] {
  const made = new Set(keys);
  return (JSON.stringify(value, undefined, 2) ?? '').split('\n').map((text): Line => {
    const name = memberOf(text);
    const isMade = name !== undefined && made.has(name);
    return {
      kind: isMade ? 'added' : 'same',
      pieces: [{ text, by: isMade ? [mappingId('request', name)] : [] }],
    };
  });
}

/** A JSON text, made pretty; what is no JSON stays as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

function memberOf(line: string): string | undefined {
  const [, quoted] = MEMBER.exec(line) ?? [];
  return quoted === undefined ? undefined : (JSON.parse(quoted) as string);
}
