// The signature of a management call: `bench/micro` measures it, here it stands beside its goal.
import { suite } from '../../micro/identity/sigv4.bench.ts';
import { measureSuite } from '../../micro/micro.ts';
import type { Outcome, Scenario } from '../bench.ts';

export const sigv4: Scenario = {
  name: 'sigv4',
  title: 'A SigV4 signature is verified (a micro benchmark: the least CPU of 15 rounds)',
  async run(): Promise<Outcome> {
    const measured = measureSuite(suite);
    const worst = Math.max(...measured.slice(0, 2).map(({ cpuNanos }) => cpuNanos));
    return {
      table: measured.map(({ name, nanos, cpuNanos }) => ({
        call: name,
        µs: (nanos / 1000).toFixed(1),
        'CPU µs': (cpuNanos / 1000).toFixed(1),
      })),
      goals: [{ what: 'verification of a signature', value: worst / 1000, unit: ' µs', atMost: 60 }],
    };
  },
};
