// What a deploy did, as data (spec/definitions.md §1.5).
import { isDeepStrictEqual } from 'node:util';
import type {
  Change,
  DeployReport,
  MemberChange,
  OutputValue,
  PlacedFinding,
} from '../../../definitions/deploy-answer.ts';
import type { Finding } from '../../../definitions/finding.ts';
import { withLocalAddresses } from '../../../definitions/local-addresses.ts';
import type { Deployment } from '../deployment.ts';
import { stackIdOf } from '../load-stack.ts';
import { localEndpoints } from '../local-endpoints.ts';
import type { StackRun } from '../stack-run.ts';
import { endpointsOf } from './stack-endpoints.ts';

/** Instead of a value that has an id in it which a plan only makes up. */
const KNOWN_LATER = '(known after deploy)';

/** `run` is undefined for a template that could not be used. Of what is refused there are no changes. */
export async function reportOf(deployment: Deployment, run: StackRun | undefined): Promise<DeployReport> {
  const { request, context, findings } = deployment;
  const { account, region } = context;
  const { stackName: name } = request;
  const stack = {
    name,
    id: run?.stack.id ?? stackIdOf(account, region, name),
    account,
    region,
    source: request.source ?? request.template.name,
    isNew: run?.stack.before === undefined,
  };
  const placed = findings.map((finding) => placedFinding(finding, deployment));
  const refusal = findings.findIndex(({ severity }) => deployment.refuses(severity));
  if (refusal >= 0 || run === undefined) {
    const { summary, secrets } = deployment;
    const message = summary === undefined ? placed[refusal]?.text : secrets.masked(summary);
    const nothing = { changes: [], unchanged: 0, functions: [], outputs: {}, endpoints: [] };
    return {
      outcome: 'refused',
      stack,
      ...nothing,
      findings: placed,
      ...(message !== undefined && { message }),
    };
  }
  const { changes, unchanged, functions } = deployment;
  const outcome =
    request.dryRun === true ? 'planned' : isUnchanged(deployment, run) ? 'unchanged' : 'deployed';
  return {
    outcome,
    stack,
    changes: changes.map((change) => printedChange(change, deployment)),
    unchanged,
    functions,
    outputs: await printedOutputs(run, deployment),
    endpoints: await endpointsOf(deployment, run.all),
    findings: placed,
  };
}

/** Nothing of the stack is other than it was. */
function isUnchanged({ changes }: Deployment, { stack, outputs }: StackRun): boolean {
  return changes.length === 0 && isDeepStrictEqual(stack.before?.document.Outputs, outputs);
}

function placedFinding({ offset, ...finding }: Finding, { sources, secrets }: Deployment): PlacedFinding {
  const { severity, text, logicalId, type, path } = finding;
  const at = offset === undefined ? undefined : sources.placeOf(offset);
  return {
    severity,
    text: secrets.masked(text),
    // Copies of a loop may have a parameter in their names.
    ...(logicalId !== undefined && { logicalId: secrets.masked(logicalId) }),
    ...(type !== undefined && { type }),
    ...(path !== undefined && { path: secrets.masked(path) }),
    ...(at !== undefined && { at }),
  };
}

function printedChange(change: Change, deployment: Deployment): Change {
  const { physicalId, ...rest } = change;
  const isToBe =
    deployment.request.dryRun === true && change.action !== 'update' && change.action !== 'delete';
  return {
    ...rest,
    ...(physicalId !== undefined && !isToBe && { physicalId }),
    members: change.members.map((member) => printedMember(member, deployment)),
  };
}

/** Neither side of a value is shown where one of them is a secret. */
function printedMember(member: MemberChange, deployment: Deployment): MemberChange {
  const { before, after, ...rest } = member;
  if (deployment.secrets.areIn(before) || deployment.secrets.areIn(after)) return rest;
  return deployment.isToBe(after) ? { ...member, after: KNOWN_LATER } : member;
}

async function printedOutputs(run: StackRun, deployment: Deployment): Promise<DeployReport['outputs']> {
  const printed: [string, OutputValue][] = [];
  for (const [name, output] of Object.entries(run.outputs)) {
    const { value } = output;
    if (value === undefined) printed.push([name, output]);
    else if (deployment.isToBe(value)) printed.push([name, { ...output, value: KNOWN_LATER }]);
    else {
      const here = withLocalAddresses(value, await localEndpoints(deployment, value));
      const shown = deployment.secrets.shown(value);
      printed.push([name, { ...output, value: shown, ...(here !== value && shown === value && { here }) }]);
    }
  }
  return Object.fromEntries(printed);
}
