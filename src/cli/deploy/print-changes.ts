// What a deploy changes, as a person reads it (spec/definitions.md §1.5.5, §11.4.1): a line for each resource, with the values
// before and after.
import type { Change, DeployReport, MemberChange } from '../../definitions/deploy-answer.ts';
import { oneLine, type Paint, shownLength } from '../terminal.ts';

type Action = Change['action'];

const MARKS: { readonly [A in Action]: string } = {
  create: '+',
  update: '~',
  replace: '-/+',
  delete: '-',
  retain: '=',
};
const COUNTED: { readonly [A in Action]: string } = {
  create: 'added',
  update: 'changed',
  replace: 'replaced',
  delete: 'deleted',
  retain: 'retained',
};
/** What one value may take of a line. */
const MAX_VALUE = 60;
/** What a member may take beside its resource. */
const MAX_BESIDE = 72;

/** The lines of all changes and their counts. */
export function changeLines(report: DeployReport, paint: Paint): readonly string[] {
  const { changes } = report;
  const idWidth = Math.max(...changes.map(({ logicalId }) => logicalId.length), 0);
  const typeWidth = Math.max(...changes.map(({ type }) => type.length), 0);
  const physicalWidth = Math.max(...changes.map(({ physicalId = '' }) => oneLine(physicalId).length), 0);
  const rows = changes.flatMap((change) => {
    const { action, logicalId, type, physicalId = '', changedOutside } = change;
    const colour = colourOf(action, paint);
    const [only, ...others] = change.members;
    const beside = only !== undefined && others.length === 0 ? memberText(only, paint) : undefined;
    const isBeside = beside !== undefined && shownLength(beside) <= MAX_BESIDE;
    const cells = [
      `${colour(MARKS[action].padStart(4))} ${colour(oneLine(logicalId).padEnd(idWidth))}`,
      paint.dim(oneLine(type).padEnd(typeWidth)),
      oneLine(physicalId).padEnd(physicalWidth),
      ...(isBeside ? [beside] : []),
      ...(changedOutside === true ? [paint.dim('(changed outside)')] : []),
    ];
    const below = isBeside ? [] : change.members.map((member) => `         ${memberText(member, paint)}`);
    return [cells.join('  ').trimEnd(), ...below];
  });
  return [...rows, countLine(report, paint)];
}

/** How many were changed, and in which way. */
export function countLine({ changes, unchanged, functions }: DeployReport, paint: Paint): string {
  const counts = (Object.keys(COUNTED) as Action[]).flatMap((action) => {
    const count = changes.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} ${COUNTED[action]}`];
  });
  if (unchanged > 0) counts.push(`${unchanged} unchanged`);
  const served = functions.length;
  const ofFunctions = served === 0 ? '' : `; ${served} function${served === 1 ? '' : 's'}`;
  return `  ${paint.dim(`${counts.join(', ')}${ofFunctions}`)}`;
}

function colourOf(action: Action, paint: Paint): (text: string) => string {
  switch (action) {
    case 'create':
      return paint.green;
    case 'delete':
      return paint.red;
    case 'retain':
      return paint.dim;
    default:
      return paint.yellow;
  }
}

function memberText({ name, before, after, replaces }: MemberChange, paint: Paint): string {
  const why = replaces === true ? paint.yellow(' (forces the replacement)') : '';
  if (before === undefined && after === undefined) return `${oneLine(name)}${why}`;
  const [from, to] = [valueText(before), valueText(after)];
  const common = from !== undefined && to !== undefined ? commonStart(from, to) : 0;
  const shown = (text: string | undefined) => (text === undefined ? '(none)' : clipped(text, common));
  return `${oneLine(name)}: ${paint.red(shown(from))} → ${paint.green(shown(to))}${why}`;
}

function valueText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value));
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** The part of a long text that is about where it differs. */
function clipped(text: string, common: number): string {
  if (text.length <= MAX_VALUE) return text;
  const from = Math.max(0, Math.min(common - MAX_VALUE / 3, text.length - MAX_VALUE));
  const start = Math.floor(from);
  const part = text.slice(start, start + MAX_VALUE);
  return `${start > 0 ? '…' : ''}${part}${start + MAX_VALUE < text.length ? '…' : ''}`;
}
