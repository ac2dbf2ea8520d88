// What is deployed: a template, an OpenAPI document, a cloud assembly or a package, by content and place (spec/definitions.md §1.1.1).
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { SourceText } from '../definitions/deploy-request.ts';
import { UsageError } from '../settings/usage-error.ts';
import { type MapNode, memberOf } from '../tree/node.ts';
import { readText } from '../tree/read-text.ts';
import { TextError } from '../tree/text-error.ts';
import { readAssembly } from './assembly.ts';
import { templateOfApi } from './openapi-template.ts';
import { nameOf, problemOf, readTextFile, textOf } from './read-file.ts';
import { type PackageOptions, readPackage } from './serverless-package.ts';
import type { Source } from './source.ts';
import { projectOf, stackNameOf } from './stack-name.ts';

/** As a SOURCE: standard input. */
export const STDIN = '-';
export const TEMPLATES = ['template.yaml', 'template.yml', 'template.json'];
/** What is looked for where nothing is named. That a built SAM template comes first is what `sam deploy` does. */
export const USUAL = ['.aws-sam/build/template.yaml', ...TEMPLATES, 'cdk.out', '.serverless'];
export const ASSEMBLY = 'manifest.json';
export const PACKAGE = 'cloudformation-template-update-stack.json';
const CALLED_TEMPLATE = /(?:\.(?:ya?ml|json|template)|<stdin>)$/;
const SERVERLESS = /^serverless\.(?:ya?ml|json|[cm]?[jt]s)$/;

/** Throws UsageError for what is nothing of this kind, SourceError for what cannot be read as what it is. */
export async function findSource(
  named: string | undefined,
  cwd: string,
  options: PackageOptions = {},
): Promise<Source> {
  if (named === undefined) return usualSource(cwd, options);
  if (named === STDIN) {
    const name = '<stdin>';
    return sourceOfText({ name, text: textOf(await buffer(process.stdin), name) }, join(cwd, name));
  }
  const path = resolve(cwd, named);
  refuseServerless(path);
  switch (await kindOf(path)) {
    case 'directory':
      return sourceOfDirectory(path, cwd, options);
    case 'file':
      return sourceOfText(await readTextFile(path, cwd), path);
    default:
      throw new UsageError(`${named} does not exist.`);
  }
}

async function usualSource(cwd: string, options: PackageOptions): Promise<Source> {
  for (const name of USUAL) {
    const kind = await kindOf(join(cwd, name));
    if (kind === 'file') return sourceOfText(await readTextFile(join(cwd, name), cwd), join(cwd, name));
    if (kind === 'directory' && !TEMPLATES.includes(name))
      return sourceOfDirectory(join(cwd, name), cwd, options);
  }
  for (const ending of ['yml', 'yaml', 'json', 'js', 'ts']) {
    if ((await kindOf(join(cwd, `serverless.${ending}`))) === 'file')
      refuseServerless(`serverless.${ending}`);
  }
  throw new UsageError(
    `There is nothing to deploy in ${cwd}: none of ${USUAL.join(', ')} is there. Name it: postern deploy FILE.`,
  );
}

async function sourceOfDirectory(path: string, cwd: string, options: PackageOptions): Promise<Source> {
  if (await isAssembly(path)) return readAssembly(path, cwd);
  if ((await kindOf(join(path, PACKAGE))) === 'file')
    return readPackage(path, join(path, PACKAGE), cwd, options);
  for (const name of TEMPLATES) {
    const file = join(path, name);
    if ((await kindOf(file)) === 'file') return sourceOfText(await readTextFile(file, cwd), file);
  }
  throw new UsageError(
    `There is nothing to deploy in ${nameOf(path, cwd)}: it is no cloud assembly (manifest.json), no Serverless package (${PACKAGE}), and has none of ${TEMPLATES.join(', ')}.`,
  );
}

/** Another `manifest.json` is no mistake. */
async function isAssembly(directory: string): Promise<boolean> {
  const path = join(directory, ASSEMBLY);
  if ((await kindOf(path)) !== 'file') return false;
  const manifest = rootOf(await readFile(path, 'utf8'));
  return memberOf(manifest, 'version') !== undefined && memberOf(manifest, 'artifacts')?.kind === 'map';
}

/** `path` is where the text is, or would be. */
function sourceOfText(template: SourceText, path: string): Source {
  const directory = dirname(path);
  const isApi = isOpenApi(template, path);
  const project = projectOf(directory);
  const stackName = stackNameOf(project);
  return {
    kind: isApi ? 'openapi' : 'template',
    name: template.name,
    stacks: [
      {
        ...{ id: stackName, displayName: stackName, stackName, project },
        dependencies: [],
        terminationProtection: false,
        read: async () => ({
          ...(isApi ? templateOfApi(template, path) : { template, files: {} }),
          directory,
          assets: {},
          parameters: {},
          tags: {},
        }),
      },
    ],
  };
}

/** Throws UsageError for what is neither. What a template has wrong is for the server to say, which knows its tags. */
function isOpenApi({ name, text }: SourceText, path: string): boolean {
  const isCalledTemplate = CALLED_TEMPLATE.test(path);
  // Most templates need not be read twice.
  const mayBe = text.includes('openapi') || text.includes('swagger');
  const root = mayBe || !isCalledTemplate ? rootOf(text) : undefined;
  if (root === undefined || root.members.has('Resources')) return false;
  if (root.members.has('openapi')) return true;
  if (root.members.has('swagger')) {
    throw new UsageError(`${name} is a Swagger 2.0 document: HTTP APIs are made of OpenAPI 3.0 documents.`);
  }
  if (isCalledTemplate) return false;
  throw new UsageError(
    `${name} is nothing that can be deployed: neither a template, with Resources, nor an OpenAPI document.`,
  );
}

/** Undefined for what is no plain JSON or YAML, as templates with short tags are not. */
function rootOf(text: string): MapNode | undefined {
  try {
    const root = readText(text);
    return root.kind === 'map' ? root : undefined;
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}

function refuseServerless(path: string): void {
  const name = basename(path);
  if (!SERVERLESS.test(name)) return;
  throw new UsageError(
    `${name} is read by the Serverless Framework: run "npx serverless package" and then "postern deploy .serverless", or keep both going with postern dev .serverless --build "npx serverless package"`,
  );
}

async function kindOf(path: string): Promise<'file' | 'directory' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    if (problemOf(error) === 'does not exist') return undefined;
    throw new UsageError(`${path} ${problemOf(error)}.`, { cause: error });
  }
}
