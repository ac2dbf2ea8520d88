// The whole documents of spec/openapi.md §15, and the words that their rows share.
import { readFileSync } from 'node:fs';
import { FI, fi, ignored, type Members } from './openapi-language.ts';

/** A text, with the URIs of functions in place of `FI` and `FI(name)`. */
export const textOf = (name: string): string =>
  readFileSync(`test/conformance/openapi-documents/${name}`, 'utf8')
    .replace(/\bFI\((\w+)\)/g, (_, each: string) => fi(each))
    .replace(/\bFI\b/g, FI);

/** `paths./a.get` and the key that is ignored there, `responses` where it says none. */
export const lines = (
  ...each: readonly (string | readonly [place: string, key: string])[]
): readonly string[] =>
  each.map((line) => (typeof line === 'string' ? ignored(line, 'responses') : ignored(...line)));

export const lambda = (name: string, more: Members = {}): Members => ({
  type: 'aws_proxy',
  httpMethod: 'POST',
  uri: fi(name),
  payloadFormatVersion: '2.0',
  ...more,
});
export const backend = (httpMethod: string, path: string, more: Members = {}): Members => ({
  type: 'http_proxy',
  httpMethod,
  uri: `https://be.example.com${path}`,
  payloadFormatVersion: '1.0',
  ...more,
});
