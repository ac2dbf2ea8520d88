// Stacks as a person reads them.
import type { StackDescription, StackSummary } from '../../definitions/stack-description.ts';
import { ageOf, table } from '../columns.ts';
import { oneLine, type Paint } from '../terminal.ts';
import { findingLines } from './print-findings.ts';
import { addressLines } from './print-report.ts';

/** One line each, those of nested stacks below the one that they are part of. */
export function printStacks(stacks: readonly StackSummary[], now: number, paint: Paint): string {
  if (stacks.length === 0) return 'No stacks: "postern deploy" makes one of a template.\n';
  return table(
    nestedAfterParents(stacks).map(({ name, state, source, updatedAt, parent }) => [
      `${parent === undefined ? '' : '  '}${paint.bold(oneLine(name))}`,
      state,
      oneLine(source),
      paint.dim(`${ageOf(now - Date.parse(updatedAt))} ago`),
    ]),
  );
}

/** Its resources, where it is called, and what was said of it. */
export function printStack(stack: StackDescription, paint: Paint): string {
  const { name, state, source, account, region, resources, outputs, report } = stack;
  const rows = resources.map(({ logicalId, type, physicalId }) => [
    `  ${oneLine(logicalId)}`,
    paint.dim(oneLine(type)),
    oneLine(physicalId),
  ]);
  const addresses = addressLines({ endpoints: report?.endpoints ?? [], outputs }, paint);
  const findings = findingLines(report?.findings ?? [], paint);
  const lines = [findings, addresses].flatMap((each) => (each.length === 0 ? [] : ['', ...each]));
  return [
    `${paint.bold(oneLine(name))}  ${oneLine(source)}  →  ${account} ${region}  ${state}\n`,
    ...(rows.length === 0 ? [] : ['\n', table(rows)]),
    ...lines.map((line) => `${line}\n`),
  ].join('');
}

function nestedAfterParents(stacks: readonly StackSummary[]): readonly StackSummary[] {
  const names = new Set(stacks.map(({ name }) => name));
  const isTop = ({ parent }: StackSummary) => parent === undefined || !names.has(parent);
  const withNested = (stack: StackSummary): readonly StackSummary[] => [
    stack,
    ...stacks.filter(({ parent }) => parent === stack.name).flatMap(withNested),
  ];
  return stacks.filter(isTop).flatMap(withNested);
}
