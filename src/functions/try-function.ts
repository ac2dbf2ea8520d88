// Whether a function can start here: one instance until it would take a call, for `postern doctor`. The function's own start
// runs, no call does.
import { exited } from './error-document.ts';
import { failureText } from './failure-text.ts';
import { functionEnvironment } from './function-environment.ts';
import type { FunctionInstance } from './function-instance.ts';
import { nameOf, START } from './local-functions.ts';
import { Reaper } from './reaper.ts';
import type { FunctionSettings } from './settings.ts';

const PATIENCE_IN_MILLIS = 10_000;

export interface TryMeans {
  readonly region: string;
  /** Postern's own environment. */
  readonly environment: { readonly [name: string]: string | undefined };
}

/** Why it cannot start, as one line; undefined when it can. Leaves no process behind. */
export async function tryFunction(settings: FunctionSettings, means: TryMeans): Promise<string | undefined> {
  const { name, region } = nameOf(settings.key, means.region);
  const reaper = new Reaper();
  let problem: string | undefined;
  let isReady = false;
  let lastLine = '';
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    const instance: FunctionInstance = START[settings.runtime](
      settings,
      { environment: functionEnvironment(settings, name, region, means.environment), reaper },
      {
        ready() {
          isReady = true;
          instance.kill();
        },
        answered() {},
        exited(exit, document) {
          if (!isReady)
            problem ??= document === undefined ? endOf(exited('', exit), lastLine) : reasonOf(document);
          resolve();
        },
        debuggable() {},
        wrote(_stream, line) {
          lastLine = line;
        },
      },
    );
    timer = setTimeout(() => {
      problem = `it did not get ready in ${PATIENCE_IN_MILLIS / 1_000} seconds`;
      instance.kill();
    }, PATIENCE_IN_MILLIS);
  });
  clearTimeout(timer);
  reaper.close();
  return problem;
}

function reasonOf(document: string): string {
  return failureText(document).reason.replace(/\s*\n.*/s, '');
}

/** What a runtime that ended without a word said last is most of what there is to know. */
function endOf(document: string, lastLine: string): string {
  const reason = reasonOf(document).replace('RequestId:  Error: ', '');
  return lastLine === '' ? reason : `${reason} (${lastLine})`;
}
