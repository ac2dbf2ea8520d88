// CDK cloud assemblies (spec/definitions.md §9): manifest.json with its stacks, those of stages too, and the assets that their
// templates name by keys in buckets.
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Asset } from '../definitions/deploy-request.ts';
import { type MapNode, memberOf, type Node, textOf } from '../tree/node.ts';
import { nameOf, readTextFile, readTreeFile } from './read-file.ts';
import type { Source, SourceStack } from './source.ts';
import { SourceError } from './source-error.ts';

const MAX_STAGES_DEEP = 20;

/** Throws SourceError. */
export async function readAssembly(directory: string, cwd: string): Promise<Source> {
  const name = nameOf(directory, cwd);
  const stacks = await stacksOf(directory, cwd, 0);
  if (stacks.length === 0) throw new SourceError(`${name} has no stack: synthesise an app that has one.`);
  return { kind: 'assembly', name, stacks };
}

async function stacksOf(directory: string, cwd: string, depth: number): Promise<readonly SourceStack[]> {
  if (depth > MAX_STAGES_DEEP) {
    throw new SourceError(
      `${nameOf(directory, cwd)}: assemblies are more than ${MAX_STAGES_DEEP} deep in one another.`,
    );
  }
  const manifest = await readTreeFile(join(directory, 'manifest.json'), cwd);
  const missing = memberOf(manifest, 'missing');
  if (missing?.kind === 'list' && missing.items.length > 0) {
    throw new SourceError(
      'The assembly lacks context; synthesise it again with credentials or with cdk.context.json',
    );
  }
  const artifacts = membersOf(memberOf(manifest, 'artifacts'));
  const stackIds = new Set(artifacts.filter(([, artifact]) => isStack(artifact)).map(([id]) => id));
  const assetFiles = artifacts.flatMap(([, artifact]) => assetFileOf(artifact));
  const stacks: SourceStack[] = [];
  for (const [id, artifact] of artifacts) {
    if (isStack(artifact)) stacks.push(stackOf(id, artifact, { directory, cwd, stackIds, assetFiles }));
    const nested = textOf(memberOf(memberOf(artifact, 'properties'), 'directoryName'));
    if (textOf(memberOf(artifact, 'type')) === 'cdk:cloud-assembly' && nested !== undefined) {
      stacks.push(...(await stacksOf(resolve(directory, nested), cwd, depth + 1)));
    }
  }
  return stacks;
}

interface Around {
  readonly directory: string;
  readonly cwd: string;
  readonly stackIds: ReadonlySet<string>;
  /** Names of asset manifests. */
  readonly assetFiles: readonly string[];
}

function stackOf(id: string, artifact: Node, { directory, cwd, stackIds, assetFiles }: Around): SourceStack {
  const properties = memberOf(artifact, 'properties');
  const templateFile = textOf(memberOf(properties, 'templateFile'));
  if (templateFile === undefined)
    throw new SourceError(`${nameOf(directory, cwd)}: the stack ${id} has no templateFile.`);
  const dependencies = memberOf(artifact, 'dependencies');
  return {
    id,
    displayName: textOf(memberOf(artifact, 'displayName')) ?? id,
    stackName: textOf(memberOf(properties, 'stackName')) ?? id,
    dependencies:
      dependencies?.kind === 'list'
        ? dependencies.items.flatMap((each) => textOf(each) ?? []).filter((each) => stackIds.has(each))
        : [],
    ...environmentOf(textOf(memberOf(artifact, 'environment'))),
    terminationProtection: textOf(memberOf(properties, 'terminationProtection')) === 'true',
    async read() {
      return {
        template: await readTextFile(resolve(directory, templateFile), cwd),
        directory,
        assets: await assetsOf(directory, assetFiles, cwd),
        parameters: textsOf(memberOf(properties, 'parameters')),
        tags: textsOf(memberOf(properties, 'tags')),
        files: {},
      };
    },
  };
}

/** `aws://123456789012/eu-west-1`; what is unknown there is open. */
function environmentOf(text = ''): Pick<SourceStack, 'account' | 'region'> {
  const [, account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(text) ?? [];
  return {
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
  };
}

/** Those of all stacks of the assembly, by the ends of their keys, which are hashes of what they lead to. */
async function assetsOf(
  directory: string,
  files: readonly string[],
  cwd: string,
): Promise<Readonly<Record<string, Asset>>> {
  const assets: [string, Asset][] = [];
  for (const file of files) {
    const manifest = await readTreeFile(resolve(directory, file), cwd);
    for (const [, asset] of membersOf(memberOf(manifest, 'files'))) {
      // What a command makes has no path.
      const path = textOf(memberOf(memberOf(asset, 'source'), 'path'));
      if (path === undefined) continue;
      const found = await assetAt(resolve(directory, path));
      for (const [, destination] of membersOf(memberOf(asset, 'destinations'))) {
        const key = textOf(memberOf(destination, 'objectKey'));
        if (key !== undefined) assets.push([key.slice(key.lastIndexOf('/') + 1), found]);
      }
    }
  }
  return Object.fromEntries(assets);
}

/** Packaging says how the CDK would upload it, and the file itself what it is. */
async function assetAt(path: string): Promise<Asset> {
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return { path, packaging: isDirectory ? 'directory' : /\.(?:zip|jar)$/i.test(path) ? 'zip' : 'file' };
}

function assetFileOf(artifact: Node): readonly string[] {
  if (textOf(memberOf(artifact, 'type')) !== 'cdk:asset-manifest') return [];
  return [textOf(memberOf(memberOf(artifact, 'properties'), 'file')) ?? []].flat();
}

const isStack = (artifact: Node): boolean =>
  textOf(memberOf(artifact, 'type')) === 'aws:cloudformation:stack';

const membersOf = (node: Node | undefined): readonly (readonly [string, Node])[] =>
  node?.kind === 'map'
    ? Array.from((node as MapNode).members, ([key, { value }]) => [key, value] as const)
    : [];

/** Members that are scalars, as texts. */
function textsOf(node: Node | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    membersOf(node).flatMap(([key, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}
