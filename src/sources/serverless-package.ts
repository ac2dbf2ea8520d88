// Serverless Framework packages, as `serverless package` leaves them (spec/definitions.md §10.2).
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Asset } from '../definitions/deploy-request.ts';
import { locateCode } from '../functions/code/locate-code.ts';
import { memberOf, type Node, textOf } from '../tree/node.ts';
import { nameOf, readTextFile, readTreeFile } from './read-file.ts';
import type { Source } from './source.ts';
import { SourceError } from './source-error.ts';

const STATE = 'serverless-state.json';
/** Functions of the framework's own, which are never run (§10.3.3). */
const CUSTOM_RESOURCES = 'custom-resources.zip';

export interface PackageOptions {
  /** Functions run the files that the package was made of, where they can (§10.3.2, Choice D43). */
  readonly fromSources?: boolean | undefined;
}

/** Throws SourceError. */
export async function readPackage(
  directory: string,
  templateFile: string,
  cwd: string,
  { fromSources = false }: PackageOptions = {},
): Promise<Source> {
  const name = nameOf(directory, cwd);
  const root = await readTreeFile(join(directory, STATE), cwd);
  const state = memberOf(root, 'service');
  const stackName = stackNameIn(state);
  if (stackName === undefined) {
    throw new SourceError(`${name}: ${STATE} says neither service nor stage: package the service again.`);
  }
  return {
    kind: 'package',
    name,
    stacks: [
      {
        ...{ id: stackName, displayName: stackName, stackName, dependencies: [] },
        terminationProtection: false,
        read: async () => ({
          template: await readTextFile(templateFile, cwd),
          directory,
          assets: {
            ...(await artifactsOf(directory, state)),
            ...(fromSources ? await sourcesOf(directory, root) : {}),
          },
          parameters: {},
          tags: {},
          files: {},
        }),
      },
    ],
  };
}

function stackNameIn(state: Node | undefined): string | undefined {
  const provider = memberOf(state, 'provider');
  const [service, stage] = [textOf(memberOf(state, 'service')), textOf(memberOf(provider, 'stage'))];
  const own = textOf(memberOf(provider, 'stackName'));
  return own ?? (service === undefined || stage === undefined ? undefined : `${service}-${stage}`);
}

/** By the ends of their keys, which are their files' names: what functions name themselves, then the files of the package. */
async function artifactsOf(
  directory: string,
  state: Node | undefined,
): Promise<Readonly<Record<string, Asset>>> {
  const functions = memberOf(state, 'functions');
  const named = [...(functions?.kind === 'map' ? functions.members.values() : [])].flatMap(
    ({ value }) => textOf(memberOf(memberOf(value, 'package'), 'artifact')) ?? [],
  );
  const files = (await readdir(directory)).filter((file) => /\.(?:zip|jar)$/i.test(file));
  return Object.fromEntries(
    [...named.map((path) => resolve(dirname(directory), path)), ...files.map((file) => join(directory, file))]
      .filter((path) => basename(path) !== CUSTOM_RESOURCES)
      .map((path) => [basename(path), { path, packaging: 'zip' as const }]),
  );
}

/** The directory of the service instead of its artifact, where every function that is in that has its source there. */
async function sourcesOf(directory: string, root: Node): Promise<Readonly<Record<string, Asset>>> {
  const artifact = textOf(memberOf(memberOf(root, 'package'), 'artifact'));
  const functions = memberOf(memberOf(root, 'service'), 'functions');
  if (artifact === undefined || functions?.kind !== 'map') return {};
  const path = dirname(directory);
  const usual = textOf(memberOf(memberOf(memberOf(root, 'service'), 'provider'), 'runtime'));
  for (const { value } of functions.members.values()) {
    // What a bundler has made is not what it was made of.
    if (memberOf(memberOf(value, 'package'), 'artifact') !== undefined) continue;
    const runtime = textOf(memberOf(value, 'runtime')) ?? usual;
    const handler = textOf(memberOf(value, 'handler'));
    if (runtime === undefined || handler === undefined) return {};
    const { code } = await locateCode({ from: { kind: 'path', path }, runtime, handler }, directory);
    if (code === undefined) return {};
  }
  return { [basename(artifact)]: { path, packaging: 'directory' } };
}
