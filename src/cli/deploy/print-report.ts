// The report of a deploy, as a person reads it (spec/definitions.md §1.5.5).
import type { DeployReport, Endpoint, OutputValue } from '../../definitions/deploy-answer.ts';
import { oneLine, type Paint } from '../terminal.ts';
import { changeLines } from './print-changes.ts';
import { findingLines } from './print-findings.ts';

/** What was done, or would be; what is to be said; where it is called. `planned` ends a plan. */
export function printReport(
  report: DeployReport,
  paint: Paint,
  planned: readonly string[] = ['A dry run: nothing was changed.'],
): string {
  const { outcome, stack, changes, findings } = report;
  const isIdle = outcome === 'unchanged' || (outcome === 'planned' && changes.length === 0);
  return sections([
    [isIdle ? paint.bold(`${oneLine(stack.name)}: nothing to change`) : headline(report, paint)],
    isIdle ? [] : changeLines(report, paint),
    findingLines(findings, paint),
    outcome === 'planned' ? planned : addressLines(report, paint),
  ]);
}

/** Why nothing was done. */
export function printRefusedReport(report: DeployReport, paint: Paint): string {
  const { findings, message } = report;
  const worst = new Set(findings.map(({ severity }) => severity));
  const isStrict = worst.has('warning') && !worst.has('error');
  const reason = isStrict ? ' Warnings are refused with --strict.' : '';
  return sections([
    [headline(report, paint)],
    findings.length === 0 && message !== undefined ? [message] : findingLines(findings, paint),
    [`postern: Nothing was deployed.${reason}`],
  ]);
}

/** Endpoints and outputs. */
export function addressLines(
  { endpoints, outputs }: Pick<DeployReport, 'endpoints' | 'outputs'>,
  paint: Paint,
): readonly string[] {
  return [...endpointLines(endpoints, paint), ...outputLines(outputs, paint)];
}

/** What was deployed, and where. */
export function headline({ stack: { name, source, account, region } }: DeployReport, paint: Paint): string {
  return `${paint.bold(oneLine(name))}  ${oneLine(source)}  →  ${account} ${region}`;
}

function endpointLines(endpoints: readonly Endpoint[], paint: Paint): readonly string[] {
  const width = Math.max(...endpoints.map((each) => nameOf(each).length), 0);
  return endpoints.map((each) => `  ${nameOf(each).padEnd(width)}  ${paint.bold(oneLine(each.url))}`);
}

const nameOf = ({ logicalId, stage }: Endpoint): string => oneLine(`${logicalId} ${stage}`);

/** Outputs, with their addresses here. */
export function outputLines(outputs: DeployReport['outputs'], paint: Paint): readonly string[] {
  const all = Object.entries(outputs);
  const width = Math.max(...all.map(([name]) => name.length), 0);
  return all.map(([name, output]) => `  ${oneLine(name).padEnd(width)}  ${outputText(output, paint)}`);
}

function outputText({ value, here, reason = '' }: OutputValue, paint: Paint): string {
  if (value === undefined) return paint.dim(`(not known here: ${oneLine(reason)})`);
  const shown = oneLine(value);
  return here === undefined || here === value ? shown : `${shown}   here: ${paint.bold(oneLine(here))}`;
}

/** The text, with blank lines between those that are not empty. */
export function sections(all: readonly (readonly string[])[]): string {
  const there = all.filter((lines) => lines.length > 0);
  return there.map((lines) => lines.map((line) => `${line}\n`).join('')).join('\n');
}
