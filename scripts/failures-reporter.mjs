// A reporter of node:test that says at the end, once more and together, which tests failed and why: TAP, which pipes get, has them
// somewhere among ten thousand others.

/** Of an error's text, as much is printed. */
const SHOWN_CHARACTERS = 2_000;

// biome-ignore lint/style/noDefaultExport: this is where node:test takes a reporter from.
export default async function* failures(events) {
  const lines = [];
  /** The names of the tests that a test is in, by how deep it is. */
  const within = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') within[data.nesting] = data.name;
    if (type !== 'test:fail' || data.todo !== undefined) continue;
    const { error } = data.details;
    // What failed only because of a test within it says nothing of its own.
    if (error?.failureType === 'subtestsFailed') continue;
    const names = [...within.slice(0, data.nesting), data.name];
    const cause =
      error?.cause instanceof Error
        ? (error.cause.stack ?? error.cause.message)
        : String(error?.cause ?? error);
    lines.push(
      `✖ ${names.join(' › ')}\n  ${data.file ?? ''}\n${cause.slice(0, SHOWN_CHARACTERS).replace(/^/gm, '    ')}\n`,
    );
  }
  if (lines.length > 0) yield `\n${lines.length} failed:\n\n${lines.join('\n')}`;
}
