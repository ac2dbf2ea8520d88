// Texts that a template names: included files, OpenAPI documents, nested templates (spec/definitions.md §2.4, §6.5.3). Whoever
// deploys reads the local ones; objects in S3 are where postern.yaml says, or assets of an assembly.
import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, normalize, resolve } from 'node:path';
import type { Asset, SourceText } from '../../definitions/deploy-request.ts';
import { MAX_TEMPLATE } from '../../definitions/read-template.ts';
import { pathOfObject, s3UrlOf } from '../../definitions/stack-settings.ts';
import type { Deployment } from './deployment.ts';

export class NamedTexts {
  readonly #deployment: Deployment;
  readonly #stackName: string;
  /** Where local paths start. */
  readonly #directory: string | undefined;
  /** Where those of other texts start. */
  readonly #directories = new Map<SourceText, string>();

  constructor(deployment: Deployment, stackName: string, directory: string | undefined) {
    this.#deployment = deployment;
    this.#stackName = stackName;
    this.#directory = directory;
  }

  /** A text by its local path, from where the text that names it is, or its address in S3; undefined when somebody has to be asked
   *  for it. A string says why there is none. */
  at(location: string, from?: SourceText): SourceText | string | undefined {
    const asset = assetAt(this.#deployment.request.assets, location);
    if (asset !== undefined) return this.#ofClient(asset.path);
    if (s3UrlOf(location) !== undefined) return this.#ofS3(location);
    if (isAbsolute(location)) return this.#ofClient(normalize(location));
    const directory = (from && this.#directories.get(from)) ?? this.#directory;
    if (directory !== undefined) return this.#ofClient(resolve(directory, location));
    return `${location} is a local path, and nobody knows from where: the template came without a directory`;
  }

  /** The directory of such a text, where local paths in it start. */
  directoryOf(location: string): string | undefined {
    const asset = assetAt(this.#deployment.request.assets, location);
    const path = asset?.path ?? pathOfObject(this.#deployment.settings.s3, location);
    if (path !== undefined) return dirname(path);
    if (isAbsolute(location)) return dirname(location);
    return this.#directory && dirname(resolve(this.#directory, location));
  }

  #ofClient(path: string): SourceText | string | undefined {
    const { request, questions } = this.#deployment;
    const files = request.files ?? {};
    if (Object.hasOwn(files, path)) return this.#at(path, files[path]!);
    questions.needFile(path);
    return undefined;
  }

  #ofS3(location: string): SourceText | string | undefined {
    const path = pathOfObject(this.#deployment.settings.s3, location);
    if (path === undefined || location.split('/').includes('..')) {
      return `${location} is not here. Say where it is under stacks.${this.#stackName}.s3 of postern.yaml.`;
    }
    return this.#at(
      path,
      this.#deployment.questions.ask(`file ${path}`, () => readText(path, location)),
    );
  }

  #at<T extends SourceText | string | undefined>(path: string, text: T): T {
    if (typeof text === 'object') this.#directories.set(text, dirname(path));
    return text;
  }
}

/** Assets are told by the end of their keys. */
function assetAt(assets: { readonly [key: string]: Asset } | undefined, location: string): Asset | undefined {
  if (assets === undefined || s3UrlOf(location) === undefined) return undefined;
  const key = location.slice(location.lastIndexOf('/') + 1);
  return Object.hasOwn(assets, key) ? assets[key] : undefined;
}

async function readText(path: string, location: string): Promise<SourceText | string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_TEMPLATE) return `${location}: ${path} is larger than 8 MB`;
    return { name: path, text: await readFile(path, 'utf8') };
  } catch (error) {
    return `${location}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`;
  }
}
