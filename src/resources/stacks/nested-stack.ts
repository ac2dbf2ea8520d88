// Stacks that are resources of others (spec/definitions.md §11.7): part of the same deploy, under a name of their own.

import type { Evaluation } from '../../definitions/evaluate/evaluation.ts';
import { jsonText } from '../../definitions/evaluate/plain-text.ts';
import { templateError } from '../../definitions/finding.ts';
import { withLocalAddresses } from '../../definitions/local-addresses.ts';
import { physicalName } from '../../definitions/other-types/names.ts';
import type { TemplateResource } from '../../definitions/template.ts';
import { memberOf, type Node, textOf } from '../../tree/node.ts';
import type { Deployment } from './deployment.ts';
import type { LoadedStack, StackSource } from './load-stack.ts';
import { localEndpoints } from './local-endpoints.ts';

/** As deep as stacks may be in one another. */
const MAX_DEPTH = 5;

/** CloudFormation's limit. */
const NAME_LENGTH = 128;

/** What a nested stack is made from. Undefined where its template is not here, of which a warning tells, or has to be asked for. */
export async function nestedSource(
  resource: TemplateResource,
  evaluation: Evaluation,
  deployment: Deployment,
  parent: LoadedStack,
): Promise<StackSource | undefined> {
  const { logicalId, type, properties, offset } = resource;
  const { name, prefix, tags, origin } = parent.source;
  const where = { logicalId, type, path: `Resources.${logicalId}.Properties` };
  const place = { ...where, offset };
  if (prefix.split('.').length > MAX_DEPTH) {
    throw templateError(`Stacks may be nested ${MAX_DEPTH} deep`, place);
  }
  const url = memberOf(properties, 'TemplateURL');
  const location = url && evaluation.text(url, where);
  if (location === undefined) throw templateError(`${logicalId} needs a TemplateURL`, place);
  // As the expansion of SAM has it for an application of the Serverless Application Repository.
  const template =
    location === '' ? `${logicalId} has no template of its own here.` : parent.texts.at(location);
  if (template === undefined) return undefined;
  if (typeof template === 'string') {
    const text = `${template} Nothing of this stack is made, and its outputs are not known.`;
    deployment.findings.push({ severity: 'warning', text, ...place, logicalId: prefix + logicalId });
    return undefined;
  }
  const { account, region } = deployment.context;
  return {
    name: physicalName({ account, region, stackName: name, logicalId }, NAME_LENGTH),
    prefix: `${prefix}${logicalId}.`,
    parent: name,
    template,
    directory: parent.texts.directoryOf(location),
    origin,
    given: await parametersOf(memberOf(properties, 'Parameters'), evaluation, deployment, where),
    defaults: {},
    tags,
    isProtected: false,
  };
}

async function parametersOf(
  node: Node | undefined,
  evaluation: Evaluation,
  deployment: Deployment,
  where: object,
): Promise<{ readonly [name: string]: string }> {
  if (node?.kind !== 'map') return {};
  const given: [string, string][] = [];
  for (const [name, { value }] of node.members) {
    const evaluated = evaluation.evaluate(value, where);
    if (evaluated === undefined) continue;
    const text = evaluated.kind === 'list' ? evaluated.items.map(textOf).join(',') : textOf(evaluated);
    if (text === undefined)
      throw templateError(`The parameter ${name} is no text`, { ...where, offset: value.offset });
    given.push([
      name,
      comesFromOutputs(value) ? withLocalAddresses(text, await localEndpoints(deployment, text)) : text,
    ]);
  }
  return Object.fromEntries(given);
}

/** §1.6.2. */
function comesFromOutputs(node: Node): boolean {
  return jsonText(node).includes('Outputs.');
}
