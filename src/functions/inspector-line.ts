// What Node.js itself writes about its inspector, among the output of a function.

const LISTENING = /^Debugger listening on (ws:\/\/\S+)$/;
const OTHER =
  /^(?:Starting inspector on \S+ failed: |For help, see: https:|Debugger (?:attached|ending on) ?|Waiting for the debugger)/;

/** Undefined for a line of the function's own; `url` where a debugger can attach now. */
export function inspectorLine(line: string): { readonly url: string | undefined } | undefined {
  const url = LISTENING.exec(line)?.[1];
  return url !== undefined || OTHER.test(line) ? { url } : undefined;
}
