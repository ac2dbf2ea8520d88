// Where the code of a function is (spec/definitions.md §8.9.2).
import {
  get,
  isTruthy,
  type Plain,
  type PlainMap,
  stringOf,
  type Tree,
  type TreeMap,
  textOfTemplate,
  truthyMember,
} from '../editing.ts';
import type { Blame } from '../invalid.ts';
import { codeLocation } from '../locations.ts';
import { pythonStr } from '../python-text.ts';

/** `Code` of the Lambda function: a map, or a local path. `metadata` says how its image is built. */
export function codeOf(properties: TreeMap, metadata: Tree | undefined, blame: Blame): Plain {
  const packageType = truthyMember(properties, 'PackageType');
  switch (packageType === undefined ? 'Zip' : stringOf(packageType)) {
    case 'Zip':
      return zipCode(properties, blame);
    case 'Image':
      return imageCode(properties, metadata, blame);
    default:
      throw blame(`invalid 'PackageType' : ${pythonStr(packageType)}`, packageType);
  }
}

function zipCode(properties: TreeMap, blame: Blame): Plain {
  const code = withKey(location(properties, blame), properties);
  for (const name of ['Runtime', 'Handler']) {
    if (isTruthy(get(properties, name))) continue;
    throw blame('Runtime and Handler needs to be present when PackageType is of type `Zip`');
  }
  if (isTruthy(get(properties, 'ImageConfig'))) {
    throw blame('ImageUri or ImageConfig cannot be present when PackageType is of type `Zip`');
  }
  return code;
}

function location(properties: TreeMap, blame: Blame): PlainMap | Tree {
  const inline = get(properties, 'InlineCode');
  if (inline !== undefined) return { ZipFile: inline };
  const uri = get(properties, 'CodeUri');
  // Packaging takes the directory of the template.
  if (uri === undefined) return textOfTemplate(properties.offset, '.');
  if (isSecretPath(stringOf(uri))) {
    throw blame(
      "Unsupported dynamic reference detected in 'CodeUri'. Please consider using alternative 'FunctionCode' object format.",
      uri,
    );
  }
  return codeLocation(uri, 'CodeUri', blame);
}

/** In place of the URI that an image has once it is built and pushed. */
const NOT_BUILT = 'not-built';

/** A dynamic reference whose name has a slash: it could not be told from the rest of a path. */
function isSecretPath(uri = ''): boolean {
  const found = /\{\{resolve:(?:ssm|ssm-secure|secretsmanager):[a-zA-Z0-9_.\-/]+(?::\d+)?\}\}/.exec(uri);
  return found?.[0].includes('/') ?? false;
}

/** A path has no place for the key that its archive is encrypted with: that is made when it is packaged. */
function withKey(code: PlainMap | Tree, properties: TreeMap): Plain {
  const key = truthyMember(properties, 'SourceKMSKeyArn');
  const isPath = 'kind' in code && 'offset' in code;
  return key === undefined || isPath ? code : { ...(code as PlainMap), SourceKMSKeyArn: key };
}

function imageCode(properties: TreeMap, metadata: Tree | undefined, blame: Blame): Plain {
  const built = get(metadata, 'Dockerfile') && textOfTemplate(properties.offset, NOT_BUILT);
  const image = get(properties, 'ImageUri') ?? built;
  if (image === undefined) throw blame("'ImageUri' must be set.");
  if (!isTruthy(image)) {
    throw blame("'ImageUri' requires that a image hosted at a registry be specified.", image);
  }
  for (const name of ['Handler', 'Runtime', 'Layers']) {
    if (!isTruthy(get(properties, name))) continue;
    throw blame('Runtime, Handler, Layers cannot be present when PackageType is of type `Image`');
  }
  return { ImageUri: image };
}
