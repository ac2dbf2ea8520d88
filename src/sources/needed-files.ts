// The loop of a deploy: a server says which files of the definition it still wants, and is asked again with their texts
// (spec/definitions.md §1.1.3).
import { basename, relative, sep } from 'node:path';
import type { DeployAnswer, DeployReport } from '../definitions/deploy-answer.ts';
import type { DeployRequest, SourceText } from '../definitions/deploy-request.ts';
import { MAX_TEXT_BYTES, nameOf, readTextFile } from './read-file.ts';
import { SourceError } from './source-error.ts';

/** Includes in one another, each found in the text before it. */
const MAX_ROUNDS = 20;
const MAX_FILES = 1_000;

/** Throws SourceError, and what `ask` throws. */
export async function deployWithFiles(
  first: DeployRequest,
  ask: (request: DeployRequest) => Promise<DeployAnswer>,
  cwd: string,
): Promise<DeployReport> {
  let request = first;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const answer = await ask(request);
    if (answer.outcome !== 'needs') return answer;
    request = { ...request, files: { ...request.files, ...(await readNeeded(request, answer.files, cwd)) } };
  }
  throw new SourceError(`Files of ${first.template.name} include one another more than ${MAX_ROUNDS} deep.`);
}

async function readNeeded(
  request: DeployRequest,
  paths: readonly string[],
  cwd: string,
): Promise<Readonly<Record<string, SourceText | string>>> {
  const known = request.files ?? {};
  const wanted = paths.filter((path) => !Object.hasOwn(known, path));
  if (wanted.length === 0) throw new SourceError(`The server asks again for ${paths.join(', ')}.`);
  if (Object.keys(known).length + wanted.length > MAX_FILES) {
    throw new SourceError(`${request.template.name} names more than ${MAX_FILES} files.`);
  }
  let size = sizeOf(request.template) + Object.values(known).reduce((sum, each) => sum + sizeOf(each), 0);
  const read: [string, SourceText | string][] = [];
  for (const path of wanted) {
    requireNamed(request, path);
    const found = await textAt(path, cwd);
    size += sizeOf(found);
    if (size > MAX_TEXT_BYTES) {
      throw new SourceError(
        `${request.template.name} has more than ${MAX_TEXT_BYTES} bytes with the files that it names, ${nameOf(path, cwd)} among them.`,
      );
    }
    read.push([path, found]);
  }
  return Object.fromEntries(read);
}

const sizeOf = (text: SourceText | string): number =>
  Buffer.byteLength(typeof text === 'string' ? text : text.text);

/** A text, or why there is none: what follows from that is up to the server, which knows what the file is for. */
async function textAt(path: string, cwd: string): Promise<SourceText | string> {
  try {
    return await readTextFile(path, cwd);
  } catch (error) {
    if (error instanceof SourceError) return error.message;
    throw error;
  }
}

/** A server gets what is below the template's directory, or named in what it has already, and no other file of this machine. */
function requireNamed(request: DeployRequest, path: string): void {
  const { directory, template, files = {}, assets = {}, parameters = {}, defaults = {} } = request;
  if (directory !== undefined && !relative(directory, path).startsWith(`..${sep}`)) return;
  if (Object.values(assets).some((asset) => asset.path === path)) return;
  const texts = [
    template.text,
    ...Object.values(files).map((each) => (typeof each === 'string' ? each : each.text)),
    ...Object.values(parameters),
    ...Object.values(defaults),
  ];
  if (texts.some((text) => text.includes(basename(path)))) return;
  throw new SourceError(`The server asks for ${path}, which ${template.name} does not name.`);
}
