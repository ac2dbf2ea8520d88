// The body of POST /_postern/stacks → DeployRequest: members that it does not know are mistakes, as are those of another form.
import { isAbsolute } from 'node:path';
import type { DeployRequest } from '../../definitions/deploy-request.ts';
import { badRequest } from '../../wire/errors.ts';
import { parseObject } from './explained-parts.ts';

/** Whether a value has the form of a member; what the form is, for people. */
interface Form {
  readonly what: string;
  readonly fits: (value: unknown) => boolean;
}

const TEXT: Form = { what: 'text', fits: (value) => typeof value === 'string' };
const FLAG: Form = { what: 'true or false', fits: (value) => typeof value === 'boolean' };
const PATH: Form = { what: 'an absolute path', fits: isPath };
const LIST: Form = {
  what: 'a list of texts',
  fits: (value) => Array.isArray(value) && value.every(TEXT.fits),
};
const SOURCE: Form = { what: '{"name": …, "text": …}', fits: isSource };
const TEXTS = mapOf(TEXT);

const MEMBERS: { readonly [M in keyof Required<DeployRequest>]: Form } = {
  stackName: TEXT,
  template: SOURCE,
  directory: PATH,
  files: {
    what: `a map of absolute paths to ${SOURCE.what} or text`,
    fits: (value) => isMap(value, (each, path) => isPath(path) && (TEXT.fits(each) || isSource(each))),
  },
  assets: {
    what: 'a map of {"path": …, "packaging": "directory", "zip" or "file"}',
    fits: (value) => isMap(value, isAsset),
  },
  parameters: TEXTS,
  defaults: TEXTS,
  tags: TEXTS,
  variables: mapOf(TEXTS),
  dryRun: FLAG,
  strict: FLAG,
  redeploy: FLAG,
  terminationProtection: FLAG,
  source: TEXT,
  notes: LIST,
};

const REQUIRED: readonly (keyof DeployRequest)[] = ['stackName', 'template'];

/** Throws BadRequestException with a sentence. */
export function parseDeployRequest(text: string): DeployRequest {
  const given = parseObject(text);
  const forms = new Map<string, Form>(Object.entries(MEMBERS));
  for (const [name, value] of Object.entries(given)) {
    const form = forms.get(name);
    if (form === undefined) throw badRequest(`${name} is no member of a deploy`);
    if (!form.fits(value)) throw badRequest(`${name} is not ${form.what}`);
  }
  for (const name of REQUIRED) if (!Object.hasOwn(given, name)) throw badRequest(`${name} is missing`);
  return given as unknown as DeployRequest;
}

function mapOf({ what, fits }: Form): Form {
  return { what: `a map of ${what}`, fits: (value) => isMap(value, fits) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMap(value: unknown, fits: (each: unknown, key: string) => boolean): boolean {
  return isObject(value) && Object.entries(value).every(([key, each]) => fits(each, key));
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && isAbsolute(value);
}

function isSource(value: unknown): boolean {
  return hasOnly(value, ['name', 'text']) && isMap(value, TEXT.fits);
}

function isAsset(value: unknown): boolean {
  if (!hasOnly(value, ['path', 'packaging'])) return false;
  const { path, packaging }: { path?: unknown; packaging?: unknown } = value;
  return isPath(path) && ['directory', 'zip', 'file'].some((each) => each === packaging);
}

function hasOnly(value: unknown, names: readonly string[]): value is object {
  if (!isObject(value)) return false;
  const own = Object.keys(value);
  return own.length === names.length && names.every((name) => own.includes(name));
}
