// What the log says of a function's failure, read off Lambda's error document.

export interface FailureText {
  /** `TypeError: pet is undefined`. */
  readonly reason: string;
  /** The reason and, below it, where it happened, without frames of the runtime; undefined where the document has no place. */
  readonly stack: string | undefined;
}

/** Frames that are no business of the function's author: Node.js's own, and those of this folder. */
const OWN_FOLDER = new URL('.', import.meta.url).href;
const isOfTheRuntime = (line: string): boolean =>
  /^\s+at /.test(line) && (/[(\s]node:/.test(line) || line.includes(OWN_FOLDER));

/** Documents of runtimes may be anything. */
export function failureText(document: string): FailureText {
  let parsed: Readonly<Record<string, unknown>> = {};
  try {
    parsed = { ...JSON.parse(document) };
  } catch {
    return { reason: 'unknown', stack: undefined };
  }
  const { errorType, errorMessage, trace, stackTrace } = parsed;
  const reason = `${String(errorType)}: ${String(errorMessage)}`;
  return { reason, stack: nodeStack(trace) ?? pythonStack(stackTrace, reason) };
}

/** Node.js's runtimes send the lines of `stack`. */
function nodeStack(trace: unknown): string | undefined {
  if (!isTexts(trace)) return undefined;
  const lines = trace.filter((line) => !isOfTheRuntime(line));
  return lines.length < 2 ? undefined : lines.join('\n');
}

/** Python's sends entries of two lines, the innermost last. */
function pythonStack(entries: unknown, reason: string): string | undefined {
  if (!isTexts(entries)) return undefined;
  return `Traceback (most recent call last):\n${entries.map((entry) => entry.trimEnd()).join('\n')}\n${reason}`;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
}
