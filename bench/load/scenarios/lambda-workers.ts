// What the way through the functions host costs: the same hello-world function behind one process, which runs it itself, and behind two
// workers, over HTTP and on all cores. CPU is that of all processes, those that run the function among them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, Scenario } from '../bench.ts';
import { allOf } from '../cores.ts';
import type { Program } from '../program.ts';
import { measure, median, rowsOf, type Series } from '../rounds.ts';
import { startPosternSubject, writeFunction } from './lambda.ts';

const ONE = 'one process';
const TWO = 'two workers';

export const lambdaWorkers: Scenario = {
  name: 'lambda-workers',
  title:
    'A hello-world function over HTTP, 64 callers: in one process, and through the functions host of two workers',
  async run(bench): Promise<Outcome> {
    const folder = join(bench.folder, 'lambda-workers');
    mkdirSync(folder, { recursive: true });
    writeFunction(folder);
    const everywhere = { ...bench, cores: { ...bench.cores, gateway: allOf(bench.cores) } };
    const programs: Program[] = [];
    try {
      const subjects = [];
      for (const [name, words] of [[ONE, []] as const, [TWO, ['--workers', '2']] as const]) {
        const subject = await startPosternSubject(everywhere, folder, words);
        programs.push(subject.program);
        subjects.push({ ...subject, name });
      }
      const series = await measure(everywhere, subjects, { rounds: 6, seconds: 3 });
      return {
        table: rowsOf(series, ONE),
        goals: [
          {
            what: 'CPU of a call over all processes: through two workers, beyond one process',
            value: median(differences(series)),
            unit: ' µs',
            atMost: 10,
          },
        ],
        notes: ['What of it the sockets alone cost, `npm run bench:functions` prints.'],
      };
    } finally {
      await Promise.all(programs.map((program) => program.stop()));
    }
  },
};

/** Microseconds of CPU a call, of each round. */
function differences(series: Series): readonly number[] {
  const one = series.get(ONE)!;
  return series.get(TWO)!.map(({ cpu }, round) => cpu - one[round]!.cpu);
}
