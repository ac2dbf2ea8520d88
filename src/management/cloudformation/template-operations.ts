// Operations of CloudFormation's API that read a template and change nothing (spec/definitions.md §13.2).
import { stackKeyOf } from '../../config/keys.ts';
import { TemplateError } from '../../definitions/finding.ts';
import { readTemplate } from '../../definitions/read-template.ts';
import { Sources } from '../../definitions/sources.ts';
import { stackNotThere, validationError } from '../../resources/stacks/stack-errors.ts';
import type { StackMeans } from '../../resources/stacks/stack-means.ts';
import { readTemplateText } from '../../resources/stacks/stored/stack-document.ts';
import { type MapNode, memberOf, type Node, textOf } from '../../tree/node.ts';
import type { Form } from './form.ts';
import { stackNameIn } from './stack-names.ts';
import type { XmlValue } from './xml.ts';

/** Throws ValidationError for a template that is elsewhere: nothing is fetched (Choice D33). */
export function templateText(form: Form): string {
  const body = form.text('TemplateBody');
  if (body !== undefined && body !== '') return body;
  const url = form.text('TemplateURL');
  if (url === undefined) throw validationError('Either Template URL or Template Body must be specified.');
  throw validationError(
    `TemplateURL ${url} is not fetched here: send the text as TemplateBody, or use postern deploy`,
  );
}

/** The text of the template of a stack, which is named or has its id given. Throws ValidationError. */
export function storedTemplate(given: string, means: StackMeans): Promise<string> {
  const name = stackNameIn(given, means);
  return means.store.read(async (tx) => {
    if ((await tx.get(stackKeyOf(means, name))) === undefined) throw stackNotThere(given);
    return readTemplateText(tx, means, name);
  });
}

export async function getTemplate(form: Form, means: StackMeans): Promise<XmlValue> {
  const text = await storedTemplate(form.required('StackName'), means);
  return { TemplateBody: text, StagesAvailable: ['Original'] };
}

function parsed(text: string): MapNode {
  try {
    return readTemplate({ name: 'template', text }, new Sources());
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw validationError(error.findings[0]?.text ?? error.message);
  }
}

/** Names of parameters with NoEcho. Throws ValidationError. */
export function secretNames(text: string): readonly string[] {
  return entriesOf(memberOf(parsed(text), 'Parameters')).flatMap(([name, parameter]) =>
    isSecret(parameter) ? [name] : [],
  );
}

function isSecret(parameter: Node): boolean {
  return textOf(memberOf(parameter, 'NoEcho'))?.toLowerCase() === 'true';
}

const entriesOf = (node: Node | undefined): readonly (readonly [string, Node])[] =>
  node?.kind === 'map' ? Array.from(node.members, ([name, { value }]) => [name, value] as const) : [];

function transformsIn(root: MapNode): readonly string[] {
  const given = memberOf(root, 'Transform');
  const items = given?.kind === 'list' ? given.items : given === undefined ? [] : [given];
  return items.flatMap((item) => textOf(item) ?? textOf(memberOf(item, 'Name')) ?? []);
}

/** What both operations tell. */
function printedHead(root: MapNode): { readonly [member: string]: XmlValue } {
  return {
    Parameters: entriesOf(memberOf(root, 'Parameters')).map(([name, parameter]) => ({
      ParameterKey: name,
      DefaultValue: textOf(memberOf(parameter, 'Default')),
      ParameterType: textOf(memberOf(parameter, 'Type')),
      NoEcho: isSecret(parameter),
      Description: textOf(memberOf(parameter, 'Description')),
    })),
    Description: textOf(memberOf(root, 'Description')),
    Capabilities: [],
    DeclaredTransforms: transformsIn(root),
  };
}

export async function getTemplateSummary(form: Form, means: StackMeans): Promise<XmlValue> {
  const stack = form.text('StackName');
  const root = parsed(stack === undefined ? templateText(form) : await storedTemplate(stack, means));
  return {
    ...printedHead(root),
    ResourceTypes: [
      ...new Set(
        entriesOf(memberOf(root, 'Resources')).flatMap(([, each]) => textOf(memberOf(each, 'Type')) ?? []),
      ),
    ],
    Version: textOf(memberOf(root, 'AWSTemplateFormatVersion')),
  };
}

export async function validateTemplate(form: Form): Promise<XmlValue> {
  const root = parsed(templateText(form));
  if (entriesOf(memberOf(root, 'Resources')).length === 0)
    throw validationError('Template format error: At least one Resources member must be defined.');
  return printedHead(root);
}
