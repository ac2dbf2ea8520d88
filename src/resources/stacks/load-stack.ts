// The template of a stack with all that it is read with, and the stack as it was (spec/definitions.md §2, §3, §11.1).

import type { SourceText } from '../../definitions/deploy-request.ts';
import { templateError } from '../../definitions/finding.ts';
import { loadTemplate } from '../../definitions/load-template.ts';
import { uuidOf } from '../../definitions/other-types/names.ts';
import type { EvaluationScope } from '../../definitions/scope.ts';
import type { Template, TemplateResource } from '../../definitions/template.ts';
import { V2 } from '../../definitions/type-names.ts';
import { partitionOf } from '../../grammar/management-arn.ts';
import type { Deployment } from './deployment.ts';
import { NamedTexts } from './named-texts.ts';
import { readStack, type StoredStack } from './stored/stack-document.ts';

type Texts = { readonly [name: string]: string };

/** What a stack is made from. */
export interface StackSource {
  readonly name: string;
  /** Logical ids of the stacks that it is in, each with a dot behind it; empty for one of its own. */
  readonly prefix: string;
  readonly parent: string | undefined;
  readonly template: SourceText;
  /** Where local paths of the template start. */
  readonly directory: string | undefined;
  /** Where the definition came from, for people. */
  readonly origin: string;
  readonly given: Texts;
  readonly defaults: Texts;
  readonly tags: Texts;
  readonly isProtected: boolean;
}

export interface LoadedStack {
  readonly source: StackSource;
  readonly id: string;
  readonly before: StoredStack | undefined;
  readonly texts: NamedTexts;
  readonly template: Template;
  readonly parameters: EvaluationScope['parameters'];
  readonly secrets: ReadonlySet<string>;
  /** The resources whose conditions hold. */
  readonly resources: ReadonlyMap<string, TemplateResource>;
}

/** Throws TemplateError. */
export async function loadStack(deployment: Deployment, source: StackSource): Promise<LoadedStack> {
  const { context, settings, exports, ssmParameters, sources, secrets } = deployment;
  const { account, region } = context;
  const { name, prefix } = source;
  const before = await readStack(context.tx, context, name);
  if (before !== undefined && before.document.Parent !== source.parent) {
    const parent = before.document.Parent;
    throw templateError(
      parent === undefined
        ? `Stack ${name} is there already, and is part of no other`
        : `Stack ${name} is part of ${parent}: deploy that one`,
    );
  }
  // What is taken out of a template is no less secret.
  for (const { Hidden = [] } of before?.resources.values() ?? [])
    for (const value of Hidden) secrets.add(value);
  const id = before?.document.StackId ?? stackIdOf(account, region, name);
  const texts = new NamedTexts(deployment, name, source.directory);
  const loaded = loadTemplate(sources, source.template, {
    place: { account, region, stackName: name, stackId: id },
    parameters: {
      given: source.given,
      defaults: source.defaults,
      settings: source.parent === undefined ? Object.fromEntries(settings.parameters) : {},
      // A nested stack has what its parent gives it.
      earlier: source.parent === undefined ? before?.document.Parameters : {},
      ssm: (parameter) => settings.ssm.get(parameter) ?? ssmParameters.get(parameter)?.Value,
    },
    include: (location, from) => texts.at(location, from),
    hide: (value) => secrets.add(value),
    exported: (exported) => exports.get(exported)?.Value ?? settings.exports.get(exported),
  });
  const { template, resources, parameters, findings } = loaded;
  for (const finding of findings) {
    const { logicalId } = finding;
    deployment.findings.push(
      logicalId === undefined ? finding : { ...finding, logicalId: prefix + logicalId },
    );
  }
  refuseUnrecognized(template);
  return {
    source,
    id,
    before,
    texts,
    template,
    parameters,
    secrets: loaded.secrets,
    resources,
  };
}

/** Kinds of the management API for which CloudFormation has no type (§5.1.1). */
const WITHOUT_TYPE = ['Portal', 'ProductPage', 'ProductRestEndpointPage'].map((name) => V2 + name);

function refuseUnrecognized({ resources }: Template): void {
  const found = [...resources.values()].filter(({ type }) => WITHOUT_TYPE.includes(type));
  if (found.length === 0) return;
  const types = [...new Set(found.map(({ type }) => type))].join(', ');
  const [{ logicalId, type, offset }] = found as [TemplateResource];
  const place = { logicalId, type, offset, path: `Resources.${logicalId}` };
  throw templateError(`Template format error: Unrecognized resource types: [${types}]`, place);
}

/** The UUID comes from a hash, as other names do: a stack has the same id everywhere (Choice D28). */
export function stackIdOf(account: string, region: string, stackName: string): string {
  const uuid = uuidOf({ account, region, stackName, logicalId: '' });
  return `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${stackName}/${uuid}`;
}
