// Where the code of a function or layer is, by what its template says and by what came with it (spec/definitions.md §7.2, §9.3, §10.3).
import { resolve } from 'node:path';
import type { Asset } from '../../../definitions/deploy-request.ts';
import { pathOfObject, type StackSettings } from '../../../definitions/stack-settings.ts';
import type { CodePlace } from '../../../functions/code/code-source.ts';
import { type MapNode, memberOf, textOf } from '../../../tree/node.ts';

/** `Code` of a function, `Content` of a layer. */
export interface CodeProperty {
  readonly Path?: string;
  readonly ZipFile?: string;
  readonly ImageUri?: string;
  readonly S3Bucket?: string;
  readonly S3Key?: string;
}

export interface CodeMeans {
  /** Where local paths start. */
  readonly directory: string | undefined;
  readonly assets: { readonly [key: string]: Asset } | undefined;
  readonly s3: StackSettings['s3'];
}

/** `property` is the name of the one that says it. */
export function codePlace(
  code: CodeProperty,
  property: 'Code' | 'Content',
  metadata: MapNode | undefined,
  means: CodeMeans,
): CodePlace {
  const { Path, ZipFile, ImageUri, S3Bucket, S3Key } = code;
  if (ZipFile !== undefined) return { kind: 'inline', text: ZipFile };
  if (ImageUri !== undefined) return elsewhere('its code is a container image');
  if (Path !== undefined && !Path.startsWith('s3://')) return localPath(Path, property, means);
  const asset = S3Key === undefined ? undefined : assetOf(S3Key, means.assets);
  if (asset !== undefined) return { kind: 'path', path: asset.path };
  if (Path === undefined && (S3Bucket === undefined || S3Key === undefined)) {
    return elsewhere(`its ${property} says no S3Bucket and S3Key`);
  }
  const url = Path ?? `s3://${S3Bucket}/${S3Key}`;
  const path = pathOfObject(means.s3, url) ?? assetPath(property, metadata, means);
  return path === undefined ? elsewhere(`its ${property} is ${url}`) : { kind: 'path', path };
}

function elsewhere(reason: string): CodePlace {
  return { kind: 'elsewhere', reason };
}

function localPath(path: string, property: string, { directory }: CodeMeans): CodePlace {
  return directory === undefined
    ? elsewhere(`its ${property} is the path ${path}, and the template has no directory that paths start in`)
    : { kind: 'path', path: resolve(directory, path) };
}

/** By the end of the key, which begins with where whoever deploys to AWS has uploaded it. */
function assetOf(key: string, assets: CodeMeans['assets'] = {}): Asset | undefined {
  const name = Object.keys(assets).find((each) => key === each || key.endsWith(`/${each}`));
  return name === undefined ? undefined : assets[name];
}

/** What the CDK CLI writes. */
function assetPath(property: string, metadata: MapNode | undefined, means: CodeMeans): string | undefined {
  const path = textOf(memberOf(metadata, 'aws:asset:path'));
  if (path === undefined || textOf(memberOf(metadata, 'aws:asset:property')) !== property) return undefined;
  return means.directory === undefined ? undefined : resolve(means.directory, path);
}
