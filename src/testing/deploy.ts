// `deploy` of a TestPostern: a definition on this machine, or a template as an object, becomes stacks (spec/definitions.md §1.1, §11).
import type { DeployAnswer, DeployReport } from '../definitions/deploy-answer.ts';
import type { DeployRequest } from '../definitions/deploy-request.ts';
import { deployWithFiles } from '../sources/needed-files.ts';
import { readStackRequests } from '../sources/stack-requests.ts';
import type { DeployedStack, DeployOptions } from './interface.ts';

type Ask = (request: DeployRequest) => Promise<DeployAnswer>;

/** A template that is no file. */
const OBJECT = 'template';
const STACK_NAME = 'test';

/** Throws an Error with all that is wrong with the definition, each with its place. */
export async function deployDefinition(
  source: string | object,
  options: DeployOptions,
  ask: Ask,
): Promise<DeployedStack> {
  const cwd = process.cwd();
  const { parameters = {}, strict = false } = options;
  const requests =
    typeof source === 'string'
      ? await requestsOf(source, options, cwd)
      : [{ stackName: options.stackName ?? STACK_NAME, directory: cwd, template: textOf(source) }];
  let report: DeployReport | undefined;
  for (const request of requests) {
    const given = { ...request, parameters: { ...request.parameters, ...parameters }, strict };
    report = await deployWithFiles(given, ask, cwd);
    if (report.outcome === 'refused') throw new Error(refusalOf(report));
  }
  // The one that was asked for is deployed after those that it depends on.
  return stackOf(report!);
}

const textOf = (template: object): DeployRequest['template'] => ({
  name: OBJECT,
  text: JSON.stringify(template, undefined, 2),
});

async function requestsOf(
  source: string,
  { stackName, stack, variablesFile }: DeployOptions,
  cwd: string,
): Promise<readonly DeployRequest[]> {
  const read = await readStackRequests({
    source,
    cwd,
    stackName,
    variablesFile,
    names: stack === undefined ? [] : [stack],
  });
  return read.map(({ request }) => request);
}

function refusalOf({ stack, findings, message }: DeployReport): string {
  const errors = findings.filter(({ severity }) => severity === 'error').map(sentenceOf);
  const why = errors.length === 0 ? [message ?? 'the definition is refused'] : errors;
  return `The stack ${stack.name} is not deployed:\n${why.join('\n')}`;
}

function sentenceOf({ at, logicalId, text }: DeployReport['findings'][number]): string {
  const place = at === undefined ? '' : `${at.file}:${at.line}:${at.column} `;
  return `${place}${logicalId === undefined ? '' : `${logicalId}: `}${text}`;
}

function stackOf({ stack, outputs, endpoints, findings }: DeployReport): DeployedStack {
  const stages = endpoints.map(({ logicalId, apiId, protocolType, stage, url }) => ({
    ...{ logicalId, apiId, protocolType, stage },
    // Paths are put behind it.
    url: url.replace(/\/$/, ''),
  }));
  const values = Object.entries(outputs).flatMap(([name, { value, here }]) => {
    const known = here ?? value;
    return known === undefined ? [] : [[name, known] as const];
  });
  return {
    stackName: stack.name,
    outputs: Object.fromEntries(values),
    apis: stages,
    url(logicalId, stage) {
      const found = stages.filter(
        (each) =>
          (logicalId === undefined || each.logicalId === logicalId) &&
          (stage === undefined || each.stage === stage),
      );
      if (found.length === 1) return found[0]!.url;
      const all = stages.map((each) => `${each.logicalId} ${each.stage}`).join(', ');
      const what = [logicalId, stage].filter((word) => word !== undefined).join(' ');
      throw new Error(
        `The stack ${stack.name} has ${found.length === 0 ? 'no' : 'more than one'} stage${what === '' ? '' : ` ${what}`}: it has ${all === '' ? 'none' : all}.`,
      );
    },
    warnings: findings.filter(({ severity }) => severity === 'warning').map(sentenceOf),
    notes: findings.filter(({ severity }) => severity === 'note').map(sentenceOf),
  };
}
