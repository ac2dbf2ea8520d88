// The body of an Api (spec/definitions.md §5.2): what it defines is imported, and what the template says beside it goes before it
// (Choice D24).

import { type Finding, templateError } from '../../../definitions/finding.ts';
import { partitionOf } from '../../../grammar/management-arn.ts';
import type { BoundedLines } from '../../../openapi/bounded-lines.ts';
import { type Definition, DefinitionError } from '../../../openapi/definition.ts';
import { AT_ONCE } from '../../../openapi/definition-of.ts';
import { type ReadMeans, readDefinition } from '../../../openapi/read-definition.ts';
import type { Node } from '../../../tree/node.ts';
import { badRequest } from '../../../wire/errors.ts';
import type { AnyInput } from '../../../wire/parse.ts';
import type { ApiDocument } from '../../api/api-document.ts';
import { QUICK_CREATE_MEMBERS } from '../../api/quick-create.ts';
import type { Context } from '../../context.ts';
import { checkOneOf } from '../../limits.ts';
import { Breath } from '../../openapi/breath.ts';
import { corsIn, tagsIn } from '../../openapi/defined-api.ts';
import { BASE_PATHS } from '../../openapi/read-import.ts';
import type { Extra } from '../../resource.ts';
import type { Desired } from '../stack-kind.ts';
import { printedBody } from './printed-body.ts';

/** Properties that say how a body is imported. */
export const IMPORT_PROPERTIES: readonly string[] = ['BasePath', 'FailOnWarnings'];

/** A body that was read. Offsets in the definition are those that `placeOf` knows. */
export interface ReadBody {
  readonly definition: Definition;
  placeOf(offset: number): number;
}

/** Reads a short body at once, and has others read a long one. Throws a BadRequestException, whose cause may be a DefinitionError with
 *  the place. */
export async function readBody(
  context: Context,
  body: Node,
  { BasePath = 'ignore' }: Desired['properties'],
): Promise<ReadBody> {
  checkOneOf('basepath', String(BasePath), BASE_PATHS);
  const { account, region, outside } = context;
  const basePath = BasePath as ReadMeans['basePath'];
  const means = { account, region, partition: partitionOf(region), basePath };
  const { text, placeOf } = printedBody(body);
  const readElsewhere = text.length > AT_ONCE ? outside?.readDefinition : undefined;
  const writtenAt: ReadBody['placeOf'] = readElsewhere === undefined ? (offset) => offset : placeOf;
  try {
    const definition = (await readElsewhere?.(text, means)) ?? readDefinition(body, means);
    return { definition, placeOf: writtenAt };
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    const { message, offset, detail } = error;
    throw badRequest(message, { cause: new DefinitionError(message, writtenAt(offset), detail) });
  }
}

/** Throws for properties that an API with a body cannot have. */
export function refuseBesideBody({ properties }: Desired): void {
  const target = QUICK_CREATE_MEMBERS.find((name) => properties[name] !== undefined);
  if (target !== undefined)
    throw templateError(`${target} cannot be given beside a body: say it in the body`);
  const { ProtocolType = 'HTTP' } = properties;
  if (ProtocolType === 'HTTP') return;
  throw templateError(`A body makes an API of ProtocolType HTTP, not ${String(ProtocolType)}`);
}

export interface ApiMembers {
  readonly given: AnyInput;
  readonly extra: Extra<ApiDocument>;
}

/** The members of the API itself, by its definition and what the template says beside it. */
export async function membersOf(
  definition: Definition,
  { properties, tags = {} }: Desired,
  warnings: BoundedLines,
): Promise<ApiMembers> {
  const said = Object.entries(properties).filter(([name]) => !IMPORT_PROPERTIES.includes(name));
  const given = { ...definition.api, ...Object.fromEntries(said), ProtocolType: 'HTTP' };
  const cors = properties.CorsConfiguration === undefined ? corsIn(definition, warnings) : undefined;
  const Tags = { ...tags, ...(await tagsIn(definition, {}, warnings, new Breath())) };
  return { given, extra: { CorsConfiguration: cors, Tags } };
}

/** What is said of an API without a body. */
export function withoutBody({ properties }: Desired): readonly Finding[] {
  return IMPORT_PROPERTIES.filter((name) => properties[name] !== undefined).map((name) => ({
    severity: 'note',
    text: `${name} has no effect: the API has no body`,
  }));
}
