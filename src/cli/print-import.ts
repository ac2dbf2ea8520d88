// An import as a person reads it: what was made, changed and removed; what is said about the document, with the places where
// it is said of; and where the API is called.
import type {
  ImportDone,
  ImportRefused,
  NamedResource,
  PlacedLine,
  PlacedProblem,
} from '../resources/openapi/import-answer.ts';
import { oneLine, type Paint } from './terminal.ts';

export interface ImportPrinting {
  /** As places name it. */
  readonly file: string;
  /** Whether the API is one that was not there. */
  readonly isNew: boolean;
  readonly paint: Paint;
}

/** The plan or what was done, then the warnings and the lines of what is ignored. */
export function printImport(done: ImportDone, { file, isNew, paint }: ImportPrinting): string {
  const changes = [
    ...resourceLines('made', done.created, paint.green),
    ...resourceLines('changed', done.changed, paint.yellow),
    ...resourceLines('removed', done.removed, paint.red),
  ];
  const kept = done.kept.length === 0 ? [] : [`  ${paint.dim(`kept     ${countsOf(done.kept)}`)}`];
  const said = [
    ...done.warnings.map((line) => placed(file, line, paint.yellow('warning'), line.text)),
    ...done.info.map((line) => placed(file, line, paint.dim('info'), line.text)),
  ];
  return textOf([
    paint.bold(headline(done, isNew)),
    '',
    ...(changes.length === 0 ? ['  nothing is different'] : changes),
    ...kept,
    ...(said.length === 0 ? [] : ['', ...said]),
    ...stagesNotDeployed(done),
  ]);
}

/** Of a plan. What became of the stages of an import stands beside their addresses. */
function stagesNotDeployed({ outcome, stages }: ImportDone): readonly string[] {
  if (outcome !== 'planned') return [];
  return stages.flatMap(({ name, problem }) =>
    problem === undefined
      ? []
      : ['', `The stage ${name} would go on with what is deployed to it: ${oneLine(problem)}.`],
  );
}

/** What is wrong with the document, and where. */
export function printRefusal(refused: ImportRefused, file: string, paint: Paint): string {
  const { errors, warnings } = refused;
  const reason = errors.length === 0 ? ' Warnings are refused with --fail-on-warnings.' : '';
  return textOf([
    ...warnings.map((line) => placed(file, line, paint.yellow('warning'), line.text)),
    ...errors.map((problem) => placed(file, problem, paint.red('error'), sentenceOf(problem))),
    `postern: Nothing was made or changed.${reason}`,
  ]);
}

export interface Addresses {
  readonly apiId: string;
  /** ApiEndpoint. */
  readonly endpoint: string;
  readonly disabled: boolean;
  readonly stages: readonly {
    readonly stageName: string;
    readonly autoDeploy?: boolean;
    readonly deploymentId?: string;
    readonly lastDeploymentStatusMessage?: string;
  }[];
}

/** Where the API is called, or what is still to be done for that. */
export function printAddresses({ apiId, endpoint, disabled, stages }: Addresses, paint: Paint): string {
  if (disabled) return '\nIts default endpoint is disabled: it is called by its custom domains.\n';
  if (stages.length === 0) {
    return textOf([
      '',
      'It has no stage yet, so nobody can call it. This makes one:',
      `  aws apigatewayv2 create-stage --api-id ${apiId} --stage-name '$default' --auto-deploy`,
      `Its address is then ${endpoint}/`,
    ]);
  }
  return textOf([
    '',
    ...stages.flatMap(({ stageName, autoDeploy, lastDeploymentStatusMessage }) => {
      const address = paint.bold(`${endpoint}/${stageName === '$default' ? '' : stageName}`);
      if (autoDeploy === true)
        return [`${address}: ${oneLine(lastDeploymentStatusMessage ?? 'not deployed')}`];
      return [
        `${address} serves what was deployed to it before. This deploys the definition:`,
        `  aws apigatewayv2 create-deployment --api-id ${apiId} --stage-name '${stageName}'`,
      ];
    }),
  ]);
}

function headline({ outcome, api }: ImportDone, isNew: boolean): string {
  const { name, apiId = '' } = api;
  if (outcome === 'planned') {
    const what = isNew ? 'would make a new API' : `would do this to the API ${apiId}`;
    return `A dry run: the definition of ${oneLine(name)} ${what}; nothing was changed.`;
  }
  return isNew
    ? `Imported ${oneLine(name)} as the API ${apiId}.`
    : `Imported ${oneLine(name)} into the API ${apiId}.`;
}

const KIND_WIDTH = 'integration'.length;
const VERB_WIDTH = 'changed'.length;

function resourceLines(
  verb: string,
  resources: readonly NamedResource[],
  colour: (text: string) => string,
): string[] {
  return resources.map(
    ({ kind, name }) => `  ${colour(verb.padEnd(VERB_WIDTH))}  ${kind.padEnd(KIND_WIDTH)}  ${oneLine(name)}`,
  );
}

/** `the API, 1 authorizer, 2 routes`. */
function countsOf(resources: readonly NamedResource[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of resources) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Array.from(counts, ([kind, count]) =>
    kind === 'api' ? 'the API' : `${count} ${kind}${count === 1 ? '' : 's'}`,
  ).join(', ');
}

/** As compilers write, so that editors find the place. */
function placed(file: string, { line, column }: PlacedLine, severity: string, text: string): string {
  return `${oneLine(file)}:${line}:${column}: ${severity}: ${oneLine(text)}`;
}

function sentenceOf({ text, detail }: PlacedProblem): string {
  return detail === undefined ? text : `${text.replace(/\.$/, '')}: ${detail}`;
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
