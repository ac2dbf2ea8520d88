// The page of results: bench/README.md gets the tables of a run, bench/results.svg the picture, bench/results.json the figures.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMet, type Row } from '../bench.ts';
import { printBound, printValue } from '../report.ts';
import { drawPicture } from './picture.ts';
import type { Result, Results } from './results.ts';

const FOLDER = fileURLToPath(new URL('../../../../bench', import.meta.url));
const BEGIN = '<!-- Below: written by `npm run bench -- --table --write`. -->';
const END = '<!-- Above: written by `npm run bench -- --table --write`. -->';

/** Writes the figures, and the page of them. */
export function writeResults(results: Results): void {
  writeFileSync(join(FOLDER, 'results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  writePage();
}

/** Writes the picture and the tables of the page anew, of the figures that are there. */
export function writePage(): void {
  const results: Results = JSON.parse(readFileSync(join(FOLDER, 'results.json'), 'utf8'));
  const picture = drawPicture(results);
  if (picture === undefined) rmSync(join(FOLDER, 'results.svg'), { force: true });
  else writeFileSync(join(FOLDER, 'results.svg'), picture);
  const page = join(FOLDER, 'README.md');
  const text = readFileSync(page, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`${page} does not say where the results go`);
  const tables = printResults(results, picture !== undefined);
  writeFileSync(page, `${text.slice(0, begin)}${BEGIN}\n\n${tables}\n\n${text.slice(end)}`);
}

/** The results as Markdown: what was run on what, the picture, the goals, and each scenario's table. */
export function printResults(results: Results, hasPicture: boolean): string {
  const { about, seconds } = results;
  const gateways = Object.entries(about.gateways)
    .filter(([name]) => name !== 'postern')
    .map(([name, version]) => `${name} ${version}`);
  const parts = [
    `Commit ${about.commit}, ${about.date}, ${Math.round(seconds / 60)} minutes. ${about.machine}, load ${about.loadAverage} when the run began. Node.js ${about.node}, wrk ${about.wrk}, ${gateways.join(', ')}. ${about.cores}`,
  ];
  if (Number(about.loadAverage) > 0.5)
    parts.push(
      'The machine was busy with other work: ratios of CPU hold roughly, requests a second and milliseconds do not, and goals that are missed by them may be met in a quiet hour.',
    );
  if (hasPicture)
    parts.push('![Requests that a second of CPU serves in each gateway, nginx being 1](results.svg)');
  parts.push('### Goals', markdownTable(results.results.flatMap(goalRows)));
  for (const { name, title, outcome, failure } of results.results) {
    parts.push(`### \`${name}\``, `${title}.`);
    if (failure !== undefined) parts.push(`Not measured: ${failure.split('\n')[0]}`);
    if (outcome === undefined) continue;
    if (outcome.table.length > 0) parts.push(markdownTable(outcome.table));
    if ((outcome.notes ?? []).length > 0) parts.push(outcome.notes!.join(' '));
  }
  return parts.join('\n\n');
}

function goalRows({ name, outcome }: Result): readonly Row[] {
  return (outcome?.goals ?? []).map((goal) => ({
    Scenario: `\`${name}\``,
    What: goal.what,
    Measured: isMet(goal) ? printValue(goal) : `**${printValue(goal)}**`,
    Goal: printBound(goal),
    '': isMet(goal) ? 'met' : 'missed',
  }));
}

/** Numbers to the right. */
function markdownTable(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const isNumber = columns.map((column) => rows.every((row) => !Number.isNaN(Number(row[column] ?? 0))));
  return [
    line(columns),
    line(columns.map((_, i) => (isNumber[i] ? '--:' : '---'))),
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ''))),
  ].join('\n');
}
