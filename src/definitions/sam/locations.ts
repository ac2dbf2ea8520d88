// Where code and documents are: in S3, or at a local path, which stays one (spec/definitions.md §8.4, §8.9.2).
import {
  get,
  isMap,
  isTruthy,
  type Plain,
  type PlainMap,
  stringOf,
  type Tree,
  textOfTemplate,
} from './editing.ts';
import type { Blame } from './invalid.ts';

interface S3Location {
  readonly bucket: Plain;
  readonly key: Plain;
  readonly version: Plain;
}

/** Undefined for text that is a path. */
function s3Location(given: Tree, property: string, blame: Blame): S3Location | undefined {
  if (isMap(given)) {
    const [bucket, key] = [get(given, 'Bucket'), get(given, 'Key')];
    if (!isTruthy(bucket) || !isTruthy(key)) {
      throw blame(`'${property}' requires Bucket and Key properties to be specified.`, given);
    }
    return { bucket, key, version: get(given, 'Version') };
  }
  const uri = stringOf(given);
  if (uri === undefined) throw blame(`'${property}' must be of type dict or string.`, given);
  const scheme = 's3://';
  if (uri.slice(0, scheme.length).toLowerCase() !== scheme) return undefined;
  const [address, query] = splitAt(uri.slice(scheme.length), '?');
  const [bucket, path] = splitAt(address, '/');
  if (bucket === '' || path === undefined) {
    throw blame(
      `'${property}' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter.`,
      given,
    );
  }
  const versions = new URLSearchParams(query).getAll('versionId');
  const part = (text: string): Tree => textOfTemplate(given.offset, text);
  return {
    bucket: part(bucket),
    key: part(path.replace(/^\/+/, '')),
    version: versions.length === 1 && versions[0] !== '' ? part(versions[0]!) : undefined,
  };
}

function splitAt(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** `{S3Bucket, S3Key, S3ObjectVersion}`, or the path. */
export function codeLocation(given: Tree, property: string, blame: Blame): PlainMap | Tree {
  const location = s3Location(given, property, blame);
  if (location === undefined) return given;
  return { S3Bucket: location.bucket, S3Key: location.key, S3ObjectVersion: location.version };
}

/** `{Bucket, Key, Version}`, or the path. */
export function bodyLocation(given: Tree, property: string, blame: Blame): PlainMap | Tree {
  const location = s3Location(given, property, blame);
  if (location === undefined) return given;
  return { Bucket: location.bucket, Key: location.key, Version: location.version };
}
