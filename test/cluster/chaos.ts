// `npm run chaos`: a storm over a cluster of this machine, and whether the invariants held. Its exit code is 1 when one did not.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calmStretches } from './invariants/faults.ts';
import { countOf, printFaults, printViolations } from './invariants/invariants.ts';
import { entriesOf, Ledger, printEntry } from './ledger.ts';
import { LOADED } from './load/whole.ts';
import { loopback, openNamespaces, reasonAgainstNamespaces } from './stand/network.ts';
import { Stand } from './stand/stand.ts';
import { valkeyProgram } from './stand/valkey.ts';
import { storm } from './storm.ts';

const HELP = `npm run chaos -- [--minutes N] [--seed S] [--nodes N] [--workers N] [--only KIND,…] [--program FILE] [--postgres] [--no-valkey] [--keep]`;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    nodes: { type: 'string', default: '3' },
    workers: { type: 'string', default: '1' },
    only: { type: 'string' },
    program: { type: 'string' },
    postgres: { type: 'boolean', default: false },
    'no-valkey': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
if (values.help) {
  say(HELP);
  process.exit(0);
}

const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const [minutes, nodes, workers] = [values.minutes, values.nodes, values.workers].map(Number) as [
  number,
  number,
  number,
];
const isCluster = nodes > 1;

say(`seed ${seed}: --minutes ${minutes} --seed ${seed} --nodes ${nodes} --workers ${workers}`);
const reason = isCluster ? await reasonAgainstNamespaces() : undefined;
if (reason !== undefined) say(`nothing is cut: ${reason}`);
const valkey = isCluster && !values['no-valkey'] ? valkeyProgram() : undefined;
if (isCluster && valkey === undefined) say('no Valkey: nodes have shares of limits');

const ledger = new Ledger();
const stand = await Stand.open({
  ...{ ledger, nodes, workers, hasPostgres: isCluster || values.postgres, valkey, ...LOADED },
  program: values.program,
  network: isCluster && reason === undefined ? await openNamespaces(nodes) : loopback(),
});
let isBroken = true;
try {
  await stand.start();
  const violations = await storm(stand, {
    seed,
    millis: minutes * 60_000,
    only: values.only?.split(','),
    say,
  });
  for (const [name, value] of Object.entries(countOf(ledger.entries, violations)))
    say(`${name.padEnd(34)} ${value}`);
  sayLatency();
  isBroken = violations.length > 0;
  if (isBroken) say(`\n${printViolations(violations)}\n\nwhat happened:\n${printFaults(ledger.entries)}`);
} catch (error) {
  say(
    `\nthe storm could not be ended: ${(error as Error).stack}\n\nwhat happened:\n${printFaults(ledger.entries)}`,
  );
} finally {
  if (isBroken) {
    writeFileSync(
      join(stand.folder, 'ledger'),
      ledger.entries.map((entry) => `${printEntry(entry)}\n`).join(''),
    );
    say(`\nseed ${seed}; the ledger and the nodes' logs: ${stand.folder}`);
  }
  await stand.close({ keepsFolder: isBroken || values.keep });
}
process.exit(isBroken ? 1 : 0);

/** From the sending of a write until it was answered, which is when it is live everywhere. */
function sayLatency(): void {
  const calm = calmStretches(ledger.entries, 8_000);
  const all = entriesOf(ledger.entries, 'write')
    .filter(({ outcome }) => outcome === 'acknowledged')
    .filter(({ since, at }) => calm.some(([from, to]) => from <= since && at <= to))
    .map(({ since, at }) => at - since)
    .sort((a, b) => a - b);
  if (all.length === 0) return;
  const of = (share: number): string => `${all[Math.floor((all.length - 1) * share)]!.toFixed(0)} ms`;
  say(`a write, live everywhere (${all.length} in calm): p50 ${of(0.5)}, p99 ${of(0.99)}`);
}
