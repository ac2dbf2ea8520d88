// Prints results for people.
import { type Goal, isMet, type Outcome, type Row } from './bench.ts';

export function printOutcome(outcome: Outcome): string {
  const lines = [printTable(outcome.table)];
  for (const note of outcome.notes ?? []) lines.push(`  ${note}`);
  for (const goal of outcome.goals) lines.push(printGoal(goal));
  return lines.join('\n');
}

/** `  met     requests/s / nginx: 0.97× (goal: at least 0.85×)`; a missed one says by how much. */
export function printGoal(goal: Goal): string {
  const bound = 'atLeast' in goal ? goal.atLeast : goal.atMost;
  const missed = bound === 0 ? '' : `, off by ${Math.abs((goal.value / bound - 1) * 100).toFixed(1)} %`;
  const verdict = isMet(goal) ? 'met   ' : 'MISSED';
  return `  ${verdict}  ${goal.what}: ${printValue(goal)} (goal: ${printBound(goal)}${isMet(goal) ? '' : missed})`;
}

/** `0.97×`. */
export function printValue({ value, unit }: Goal): string {
  const digits = unit === '×' ? 2 : value % 1 === 0 ? 0 : 1;
  return `${value.toFixed(digits)}${unit}`;
}

/** `at least 0.85×`. */
export function printBound(goal: Goal): string {
  return 'atLeast' in goal ? `at least ${goal.atLeast}${goal.unit}` : `at most ${goal.atMost}${goal.unit}`;
}

/** Columns in order of first appearance; text to the left, numbers to the right. */
export function printTable(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]!.length)));
  const isText = columns.map((_, i) => cells.slice(1).some((line) => Number.isNaN(Number(line[i]))));
  return cells
    .map(
      (line) =>
        `  ${line.map((cell, i) => (isText[i] ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')}`,
    )
    .join('\n');
}
