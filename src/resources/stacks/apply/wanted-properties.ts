// What a template wants of a resource that Postern makes: its properties, evaluated and converted, its document and its tags
// (spec/definitions.md §4.6, §5.1.6, §5.2).
import type { Evaluation } from '../../../definitions/evaluate/evaluation.ts';
import { TemplateError, templateError } from '../../../definitions/finding.ts';
import { convert } from '../../../definitions/schema/convert.ts';
import { shifted } from '../../../definitions/sources.ts';
import type { TemplateResource } from '../../../definitions/template.ts';
import type { Node } from '../../../tree/node.ts';
import { readText } from '../../../tree/read-text.ts';
import { TextError } from '../../../tree/text-error.ts';
import type { Deployment } from '../deployment.ts';
import type { LoadedStack } from '../load-stack.ts';
import type { Desired } from '../stack-kind.ts';
import { evaluatedProperties } from './evaluated-properties.ts';

/** Throws TemplateError. */
export function wantedOf(
  resource: TemplateResource,
  evaluation: Evaluation,
  deployment: Deployment,
  stack: LoadedStack,
): Desired {
  const { logicalId, type } = resource;
  const { source, id } = stack;
  const evaluated = evaluatedProperties(resource, evaluation, source.name);
  for (const secret of evaluation.secrets) deployment.secrets.add(secret);
  const converted = convert(evaluated, { logicalId, type })!;
  const { BodyS3Location, ...properties } = converted.properties;
  const body = converted.body ?? documentAt(BodyS3Location, resource, deployment, stack);
  const tags = {
    ...source.tags,
    'aws:cloudformation:stack-name': source.name,
    'aws:cloudformation:stack-id': id,
    'aws:cloudformation:logical-id': logicalId,
  };
  return { properties, ...(body && { body }), tags };
}

/** The OpenAPI document that BodyS3Location names; undefined when there is none, or somebody has to be asked for it. */
function documentAt(
  given: unknown,
  { logicalId, type, properties }: TemplateResource,
  { sources, findings }: Deployment,
  { texts }: LoadedStack,
): Node | undefined {
  if (given === undefined) return undefined;
  const { Path, Bucket, Key, ...others } = given as { readonly [name: string]: string };
  const found = texts.at(Path ?? `s3://${Bucket}/${Key}`);
  const { offset } = properties.members.get('BodyS3Location')!.value;
  const place = { logicalId, type, path: `Resources.${logicalId}.Properties.BodyS3Location`, offset };
  if (typeof found === 'string') throw templateError(`BodyS3Location: ${found}`, place);
  if (found === undefined) return undefined;
  for (const name of Object.keys(others)) {
    const text = `BodyS3Location.${name} is not looked at: an object is what it is where postern.yaml says`;
    findings.push({ severity: 'note', text, ...place });
  }
  const base = sources.add(found);
  try {
    return shifted(readText(found.text), base);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const text = `BodyS3Location: ${found.name}: ${error.detail}`;
    throw new TemplateError([{ severity: 'error', text, ...place, offset: base + error.offset }]);
  }
}
