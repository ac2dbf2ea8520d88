// The lines that two texts share and those that one of them has alone.

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** A table of more cells than this is not made: what is between the common ends is shown as replaced then. */
const MOST_CELLS = 1_000_000;

/** Longest common subsequence, after the ends that both have. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let end = 0;
  while (
    end < old.length - start &&
    end < fresh.length - start &&
    old[old.length - 1 - end] === fresh[fresh.length - 1 - end]
  ) {
    end++;
  }
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  return [
    ...old.slice(0, start).map(same),
    ...middle(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)),
    ...old.slice(old.length - end).map(same),
  ];
}

/** Of nothing there are none. */
const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.split('\n'));

function middle(old: readonly string[], fresh: readonly string[]): readonly DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: 'removed', text });
  const added = (text: string): DiffLine => ({ kind: 'added', text });
  const width = fresh.length + 1;
  if ((old.length + 1) * width > MOST_CELLS) return [...old.map(removed), ...fresh.map(added)];
  /** How many lines are common from (row, column) on. */
  const common = new Uint32Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = fresh.length - 1; column >= 0; column--) {
      const at = row * width + column;
      common[at] =
        old[row] === fresh[column]
          ? common[at + width + 1]! + 1
          : Math.max(common[at + width]!, common[at + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length && column < fresh.length) {
    const at = row * width + column;
    if (old[row] === fresh[column]) {
      lines.push({ kind: 'same', text: old[row]! });
      row++;
      column++;
    } else if (common[at + width]! >= common[at + 1]!) {
      lines.push(removed(old[row++]!));
    } else {
      lines.push(added(fresh[column++]!));
    }
  }
  return [...lines, ...old.slice(row).map(removed), ...fresh.slice(column).map(added)];
}
