// What `postern doctor` finds out about functions: each is started as a call would start it.
import { EXTENSIONS, type FunctionSettings } from '../functions/settings.ts';
import { type TryMeans, tryFunction } from '../functions/try-function.ts';
import type { Check } from './doctor.ts';

/** At once, so that a machine with many functions is not put on its knees. */
const AT_ONCE = 4;

export async function examineFunctions(
  functions: readonly FunctionSettings[],
  means: TryMeans,
): Promise<Check[]> {
  const checks: Check[] = [];
  const rest = functions.values();
  const work = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) {
      const settings = next.value;
      const at = functions.indexOf(settings);
      checks[at] = checkOf(settings, await tryFunction(settings, means));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return checks;
}

function checkOf({ key, file, exported, runtime }: FunctionSettings, problem: string | undefined): Check {
  const name = `Function ${key}`;
  const what = exported === '' ? file : `${exported} of ${file}`;
  if (problem === undefined) return { name, state: 'good', text: `${what} starts` };
  return { name, state: 'bad', text: `${what} does not start: ${problem}${adviceFor(runtime, problem)}` };
}

function adviceFor(runtime: FunctionSettings['runtime'], problem: string): string {
  if (runtime === 'python' && /python3 ENOENT/.test(problem))
    return '. Install Python 3, or put python3 on the PATH';
  if (runtime === 'provided' && /EACCES/.test(problem)) return '. chmod +x makes a file executable';
  if (runtime === 'nodejs' && /Cannot find module '[^']*'$/.test(problem))
    return ` with ${EXTENSIONS.nodejs.join(', ')}. Correct its place in the configuration file, or install what it imports`;
  return '';
}
