// Whether a document is of a kind that can be imported at all (spec/openapi.md §2, §3.5, Choices O7, O17).

import { type MapNode, memberOf, textOf } from '../../tree/node.ts';
import { DefinitionError } from '../definition.ts';
import { givenOf } from './values.ts';

const NO_IMPORTER = 'Unable to build importer with provided input. Unable to determine OAS version';
/** In characters. */
const LONGEST_QUOTED = 100;
const IMPORT_EXPORT_VERSION = 'x-amazon-apigateway-importexport-version';

/** Throws DefinitionError unless the document is of OpenAPI 3.0 and of import/export version 1.0. */
export function checkVersions(root: MapNode): void {
  checkOpenApiVersion(root);
  checkImportExportVersion(root);
}

function checkOpenApiVersion(root: MapNode): void {
  const node = givenOf(root, 'openapi');
  const version = textOf(node);
  if (node === undefined || version === undefined) {
    const detail = root.members.has('swagger')
      ? 'this is a Swagger document: convert it to OpenAPI 3.0'
      : 'the root has no member openapi: write openapi: "3.0.1"';
    throw new DefinitionError(NO_IMPORTER, (memberOf(root, 'swagger') ?? root).offset, detail);
  }
  // JSON that was read and written again has 3 for 3.0.
  const isNumber = node.kind === 'scalar' && node.value === 3;
  if (isNumber || /^3\.0(\.\d+)?$/.test(version)) return;
  throw new DefinitionError(
    `${NO_IMPORTER} from '${quotable(version)}'`,
    node.offset,
    'OpenAPI 3.0 is what can be imported: write openapi: "3.0.1"',
  );
}

function checkImportExportVersion(root: MapNode): void {
  const node = givenOf(root, IMPORT_EXPORT_VERSION);
  if (node === undefined) return;
  const version = textOf(node);
  if (version === '1.0' || (node.kind === 'scalar' && node.value === 1)) return;
  throw new DefinitionError(
    `Unsupported ${IMPORT_EXPORT_VERSION}: ${quotable(version ?? node.kind)}`,
    node.offset,
    'the one version is "1.0"',
  );
}

/** A document may be megabytes of version. */
function quotable(version: string): string {
  return version.length > LONGEST_QUOTED ? `${version.slice(0, LONGEST_QUOTED)}…` : version;
}
