// A document → what it defines (spec/openapi.md §13, steps 2 to 9 as far as they ask no store). Each part of it has a file
// in read/.

import { type MapNode, memberOf, type Node } from '../tree/node.ts';
import { checkDocument } from './check/check-document.ts';
import { type Definition, DefinitionError, type Line } from './definition.ts';
import { readApi, readCors, readTags } from './read/api-attributes.ts';
import { rootSecurityOf } from './read/authorization.ts';
import { readAuthorizers } from './read/authorizers.ts';
import { type AwsValues, withAwsVariables } from './read/aws-variables.ts';
import { type BasePathMode, basePathOf } from './read/base-path.ts';
import { DocumentationReader, MAX_DOCUMENTATION_BYTES } from './read/documentation.ts';
import { readOperations } from './read/operations.ts';
import { checkVersions } from './read/version.ts';

export interface ReadMeans extends AwsValues {
  readonly basePath: BasePathMode;
}

/** So many resources one transaction makes, in seconds at most. */
export const MAX_OPERATIONS = 10_000;
/** The rules of each look at all others. */
export const MAX_AUTHORIZERS = 500;

const TOO_MUCH_DOCUMENTATION = `The documentation of operations is not kept for portals: it is larger than ${MAX_DOCUMENTATION_BYTES} bytes`;

/** Throws DefinitionError for a document that is an error, and nothing else whatever the document is. */
export function readDefinition(written: Node, means: ReadMeans): Definition {
  if (written.kind !== 'map')
    throw new DefinitionError('Invalid OpenAPI input.', written.offset, 'the root is not an object');
  checkVersions(written);
  const root = withAwsVariables(written, means);
  const { warnings, info } = checkDocument(root);
  const documentation = new DocumentationReader(root);
  const operations = readOperations(root, basePathOf(root, means.basePath), documentation);
  const definition: Definition = {
    ...readApi(root),
    cors: readCors(root),
    tags: readTags(root),
    authorizers: readAuthorizers(root),
    operations,
    info,
    warnings: [...warnings, ...rootWarnings(root)],
    schemas: documentation.schemas(),
  };
  requireAtMost(MAX_OPERATIONS, 'operations', definition);
  requireAtMost(MAX_AUTHORIZERS, 'authorizers', definition);
  return documentation.isTooMuch ? withoutDocumentation(definition) : definition;
}

function requireAtMost(most: number, what: 'operations' | 'authorizers', definition: Definition): void {
  if (definition[what].length <= most) return;
  throw new DefinitionError(`The OpenAPI definition has more than ${most} ${what}`, definition.apiOffset);
}

function withoutDocumentation(definition: Definition): Definition {
  return {
    ...definition,
    operations: definition.operations.map((each) => ({ ...each, documentation: undefined })),
    info: [...definition.info, { text: TOO_MUCH_DOCUMENTATION, offset: definition.apiOffset }],
    schemas: {},
  };
}

/** Choices O26 and O13. */
function rootWarnings(root: MapNode): readonly Line[] {
  const lines: Line[] = [];
  const security = rootSecurityOf(root);
  if (security !== undefined) {
    lines.push({ text: 'Root level security is not supported by API Gateway. Ignoring.', offset: security });
  }
  const servers = memberOf(root, 'servers');
  if (servers?.kind === 'list' && servers.items.length > 1) {
    lines.push({
      text: 'More than one server provided. Ignoring all but the first for defining endpoint configuration',
      offset: servers.items[1]!.offset,
    });
  }
  return lines;
}
