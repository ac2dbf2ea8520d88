// Lists that people read.
import { shownLength } from './terminal.ts';

const UNITS: readonly (readonly [name: string, millis: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** `3 min`. */
export function ageOf(millis: number): string {
  const [name, length] = UNITS.find(([, each]) => millis >= each) ?? ['s', 1_000];
  return `${Math.max(0, Math.floor(millis / length))} ${name}`;
}

/** Columns that stand below each other; the last may have any width. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => shownLength(row[column]!))));
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => cell + ' '.repeat(widths[column]! - shownLength(cell)));
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
