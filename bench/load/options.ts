// The command line of the benchmark (bench/METHOD.md).
import { parseArgs } from 'node:util';

export interface Options {
  /** Rounds of the load scenarios; undefined: each scenario's own number. */
  readonly rounds: number | undefined;
  /** Seconds of one measurement of one subject in one round; undefined: each scenario's own number. */
  readonly seconds: number | undefined;
  /** Connections of a node that dies, in `returns`; undefined: its own number. */
  readonly clients: number | undefined;
  /** Scenarios to run; empty: all. */
  readonly scenarios: ReadonlySet<string>;
  /** Gateways to run; empty: all that are installed. */
  readonly gateways: ReadonlySet<string>;
  /** The table of goals: a quick run of the scenarios that have a row in it. */
  readonly table: boolean;
  /** Write bench/results.json, and of it bench/results.svg and the results in bench/README.md. */
  readonly write: boolean;
  /** Measure nothing: write picture and tables of the bench/results.json that is there. */
  readonly page: boolean;
  readonly json: boolean;
  /** The command file of the Postern to measure; undefined: this tree's. */
  readonly postern: string | undefined;
  /** The command file of another Postern, measured as one more gateway; undefined: none. */
  readonly beside: string | undefined;
  /** Folder for V8 profiles of Postern; undefined: none are taken. */
  readonly profileFolder: string | undefined;
  readonly help: boolean;
}

export const USAGE = `npm run bench -- [options]
  --only NAME,…     only these scenarios and gateways (a list of gateways leaves all scenarios, and the reverse)
  --rounds N        rounds of every load scenario (default: the scenario's own)
  --seconds S       seconds a subject is measured in one round (default: the scenario's own)
  --clients N       connections of the node that dies in returns (default: the scenario's own)
  --table           one quick run of every row of the table of goals, some 15 minutes on two cores
  --write           write the results into bench/: results.json, the picture, and the tables of README.md
  --page            measures nothing, writes picture and tables of the results.json that is there
  --json            the whole result as JSON on standard output, progress on standard error
  --cpu-prof[=DIR]  V8 profiles of Postern into DIR (default: ./bench-profiles), with a summary; figures then mean little
  --postern FILE    measure the Postern of another build: its dist/program/cli/bin.js
  --beside FILE     measure another build too, as one more gateway, round by round with this one
  --help            this text`;

/** What `--table` measures of every subject: few rounds, as many scenarios are to end in a quarter of an hour. */
const TABLE = { rounds: 3, seconds: 2 };

/** Reads the command line; throws an Error with a sentence for whoever typed it. */
export function readOptions(
  args: readonly string[],
  known: { readonly scenarios: readonly string[]; readonly gateways: readonly string[] },
): Options {
  const { values } = parseArgs({
    args: args.map((arg) => (arg === '--cpu-prof' ? '--cpu-prof=bench-profiles' : arg)),
    options: {
      only: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      clients: { type: 'string' },
      table: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      page: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'cpu-prof': { type: 'string' },
      postern: { type: 'string' },
      beside: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const scenarios = new Set<string>();
  const gateways = new Set<string>();
  for (const name of (values.only ?? []).flatMap((list) => list.split(',')).filter((name) => name !== '')) {
    if (known.scenarios.includes(name)) scenarios.add(name);
    else if (known.gateways.includes(name)) gateways.add(name);
    else
      throw new Error(
        `--only ${name}: no such name; there are ${[...known.scenarios, ...known.gateways].join(', ')}`,
      );
  }
  return {
    rounds: positive('rounds', values.rounds) ?? (values.table ? TABLE.rounds : undefined),
    seconds: positive('seconds', values.seconds) ?? (values.table ? TABLE.seconds : undefined),
    clients: positive('clients', values.clients),
    scenarios,
    gateways,
    table: values.table,
    write: values.write,
    page: values.page,
    json: values.json,
    postern: values.postern,
    beside: values.beside,
    profileFolder: values['cpu-prof'],
    help: values.help,
  };
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--${name} ${text}: a whole number from 1 is needed`);
  return number;
}
