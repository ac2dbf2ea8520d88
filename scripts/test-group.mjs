// Several test files in one process, so that what they share is loaded once: one after the other, each under a heading, which is
// a test of the file's name that fails where the file cannot be loaded.
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const LIMIT_OF_A_FILE = 240_000;

/** Paths are relative to the working directory. */
export async function runGroup(files) {
  let current = heading(files[0]);
  let limit;
  for (let index = 0; index < files.length; index++) {
    await current.reached;
    clearTimeout(limit);
    limit = setTimeout(overdue, LIMIT_OF_A_FILE, files[index]).unref();
    const failure = await import(pathToFileURL(files[index])).then(
      () => undefined,
      (error) => ({ error }),
    );
    // node:test is over once nothing waits, so the next heading is there before this one ends.
    const next = index + 1 < files.length ? heading(files[index + 1]) : undefined;
    if (failure === undefined) current.end();
    else current.fail(failure.error);
    current = next;
  }
}

function overdue(file) {
  throw new Error(`${file} has not ended within ${LIMIT_OF_A_FILE / 1_000} seconds`);
}

/** It is reached when the tests before it have ended, and lasts until its file has been loaded. */
function heading(file) {
  const step = {};
  step.reached = new Promise((reached) => {
    test(file, () => {
      reached();
      return new Promise((resolve, reject) => {
        step.end = resolve;
        step.fail = reject;
      });
    });
  });
  return step;
}
