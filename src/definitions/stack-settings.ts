// What stands in for the rest of the world in a stack (spec/definitions.md §6.5), as the section `stacks` of postern.yaml says it.
// Read by settings/sections/stacks.ts.

/** `F` is how the code of a function is said: definitions do not look at it. */
export interface StackSettings<F = unknown> {
  /** A definition that is deployed when the program has started, absolute; never that of `*`. */
  readonly source: string | undefined;
  /** Values by name (§3.1.2). */
  readonly parameters: ReadonlyMap<string, string>;
  /** By logical id; of nested stacks `Parent.Child`. */
  readonly resources: ReadonlyMap<string, StandIn>;
  /** Code that answers instead of the template's, by logical id (§7.1.2). */
  readonly functions: ReadonlyMap<string, F>;
  /** Values of exports that no stack here has. */
  readonly exports: ReadonlyMap<string, string>;
  /** Values of SSM parameters by name. */
  readonly ssm: ReadonlyMap<string, string>;
  /** SecretString by id: text, or JSON. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Files and directories by `s3://bucket/prefix`, absolute. */
  readonly s3: ReadonlyMap<string, string>;
}

/** A resource that is elsewhere. */
export interface StandIn {
  /** What `Ref` gives. */
  readonly ref: string | undefined;
  /** What `Fn::GetAtt` gives, by name. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Whose settings hold for every stack. */
export const EVERY_STACK = '*';

/** What holds for a stack: what is said of all, under what is said of it (Choice D32). */
export function settingsOfStack<F>(
  stacks: ReadonlyMap<string, StackSettings<F>>,
  name: string,
): StackSettings<F> {
  const all = stacks.get(EVERY_STACK) ?? NO_SETTINGS;
  const own = stacks.get(name) ?? NO_SETTINGS;
  return {
    source: own.source,
    parameters: new Map([...all.parameters, ...own.parameters]),
    resources: new Map([...all.resources, ...own.resources]),
    functions: new Map([...all.functions, ...own.functions]),
    exports: new Map([...all.exports, ...own.exports]),
    ssm: new Map([...all.ssm, ...own.ssm]),
    secrets: new Map([...all.secrets, ...own.secrets]),
    s3: new Map([...all.s3, ...own.s3]),
  };
}

const NOTHING = new Map<string, never>();

const NO_SETTINGS: StackSettings<never> = {
  source: undefined,
  parameters: NOTHING,
  resources: NOTHING,
  functions: NOTHING,
  exports: NOTHING,
  ssm: NOTHING,
  secrets: NOTHING,
  s3: NOTHING,
};

const S3_HOST = /^https?:\/\/(?:([a-z0-9.-]+)\.)?s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?\/(.+)$/;

/** Where an object of S3 is on this machine; undefined where no setting says. `url` is `s3://bucket/key`, or one of the https
 *  forms that TemplateURL has (§6.5.3). The longest prefix counts. */
export function pathOfObject(s3: StackSettings['s3'], url: string): string | undefined {
  const object = s3UrlOf(url);
  if (object === undefined) return undefined;
  let best: string | undefined;
  for (const prefix of s3.keys()) {
    if (isBelow(object, prefix) && prefix.length > (best?.length ?? -1)) best = prefix;
  }
  if (best === undefined) return undefined;
  const rest = object.slice(best.length).replace(/^\//, '');
  const path = s3.get(best)!;
  return rest === '' ? path : `${path}/${rest}`;
}

function isBelow(object: string, prefix: string): boolean {
  if (!object.startsWith(prefix)) return false;
  return prefix.endsWith('/') || object.length === prefix.length || object[prefix.length] === '/';
}

/** S3's keys have 1,024 characters at most. */
const LONGEST_URL = 2_048;

/** `s3://bucket/key` of any way to write it; undefined for what names no object. */
export function s3UrlOf(url: string): string | undefined {
  if (url.length > LONGEST_URL) return undefined;
  if (url.startsWith('s3://')) return url;
  const match = S3_HOST.exec(url);
  if (match === null) return undefined;
  const [, bucket, path] = match;
  return bucket === undefined ? `s3://${path}` : `s3://${bucket}/${path}`;
}
