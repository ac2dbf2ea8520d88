// Serverless Framework packages, as `serverless package` leaves them (spec/definitions.md §10.2).
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Asset } from '../definitions/deploy-request.ts';
import { memberOf, type Node, textOf } from '../tree/node.ts';
import { nameOf, readTextFile, readTreeFile } from './read-file.ts';
import type { Source } from './source.ts';
import { SourceError } from './source-error.ts';

const STATE = 'serverless-state.json';
/** Functions of the framework's own, which are never run (§10.3.3). */
const CUSTOM_RESOURCES = 'custom-resources.zip';

/** Throws SourceError. */
export async function readPackage(directory: string, templateFile: string, cwd: string): Promise<Source> {
  const name = nameOf(directory, cwd);
  const state = memberOf(await readTreeFile(join(directory, STATE), cwd), 'service');
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
          assets: await artifactsOf(directory, state),
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
