// A document → what it defines (spec/openapi.md §13, steps 2 to 9 as far as they ask no store). Each part of it has a file
// in read/.
import { checkDocument } from './check/check-document.ts';
import { type Definition, DefinitionError, type Line } from './definition.ts';
import { type MapNode, memberOf, type Node } from './node.ts';
import { readApi, readCors, readTags } from './read/api-attributes.ts';
import { rootSecurityOf } from './read/authorization.ts';
import { readAuthorizers } from './read/authorizers.ts';
import { type AwsValues, withAwsVariables } from './read/aws-variables.ts';
import { type BasePathMode, basePathOf } from './read/base-path.ts';
import { DocumentationReader } from './read/documentation.ts';
import { readOperations } from './read/operations.ts';
import { checkVersions } from './read/version.ts';

export interface ReadMeans extends AwsValues {
  readonly basePath: BasePathMode;
}

const DOCUMENTATION_IS_CUT = 'The documentation of operations is too large to be kept for portals as a whole';

/** Throws DefinitionError for a document that is an error, and nothing else whatever the document is. */
export function readDefinition(written: Node, means: ReadMeans): Definition {
  if (written.kind !== 'map')
    throw new DefinitionError('Invalid OpenAPI input.', written.offset, 'the root is not an object');
  checkVersions(written);
  const root = withAwsVariables(written, means);
  const { warnings, info } = checkDocument(root);
  const documentation = new DocumentationReader(root);
  const operations = readOperations(root, basePathOf(root, means.basePath), documentation);
  const schemas = documentation.schemas();
  const cut = { text: DOCUMENTATION_IS_CUT, offset: root.offset };
  return {
    ...readApi(root),
    cors: readCors(root),
    tags: readTags(root),
    authorizers: readAuthorizers(root),
    operations,
    info: documentation.isCut ? [...info, cut] : info,
    warnings: [...warnings, ...rootWarnings(root)],
    schemas,
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
