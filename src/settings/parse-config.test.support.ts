// Reads a configuration file as the program does, and holds schema/postern.schema.json to it: what is read, the schema accepts;
// what is refused, it refuses, but for what no schema can see.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { parseConfig as parseByReaders } from './config-file.ts';
import type { ConfigFile } from './config-shape.ts';
import { UsageError } from './usage-error.ts';

const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
const validate = ajv.compile(JSON.parse(readFileSync('schema/postern.schema.json', 'utf8')));

/** What is refused for more than its shape, by what is said of it. */
const UNSEEN: readonly (readonly [says: RegExp, why: string])[] = [
  [/which does not exist|which cannot be read|has no certificate in PEM form/, 'it is in a file'],
  [
    /leads to no file|is a file of \.js|is not executable|without an executable file/,
    'it is in the file system',
  ],
  [/is FILE\.EXPORT|names a file, not its export/, 'a bootstrap may have such a name'],
  [/two ways to say the same|is not for a provided runtime/, 'what the code is decides'],
  [/is for ARNs of|it is deployed as one stack/, 'the key of the value decides'],
  [/is there twice/, 'another value decides'],
  [/is redis:\/\/HOST:PORT/, 'hosts, ports and what follows them depend on the scheme'],
  [/an account is 12 digits/, 'of digits without quotes, YAML makes a number and drops zeros'],
];

export function parseConfig(text: string, name: string, directory: string): ConfigFile {
  let refusal: unknown;
  try {
    return parseByReaders(text, name, directory);
  } catch (error) {
    refusal = error;
    throw error;
  } finally {
    agree(text, refusal);
  }
}

/** `refusal` is what the readers threw; undefined when they took the text. */
export function agree(text: string, refusal: unknown): void {
  if (refusal !== undefined && !(refusal instanceof UsageError)) return;
  const accepted = acceptedBySchema(text);
  if (refusal === undefined)
    assert.ok(accepted, `the schema refuses: ${text}\n${ajv.errorsText(validate.errors)}`);
  else if (accepted && !UNSEEN.some(([says]) => says.test(refusal.message))) {
    assert.fail(`the schema accepts what is refused with: ${refusal.message}`);
  }
}

function acceptedBySchema(text: string): boolean {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return false;
  }
  return value === null || validate(value);
}
