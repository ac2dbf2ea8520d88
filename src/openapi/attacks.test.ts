// Texts that are made to take time or memory: each ends soon, and meanwhile others have their turn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DefinitionError } from './definition.ts';
import { definitionOf } from './definition-of.ts';

const MILLION = 1_000_000;
const rows = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => row(i)).join('');
const laughs = (): string =>
  `a: &a [${'x,'.repeat(10)}]\n${[...'bcdefghij'].map((name, i) => `${name}: &${name} [${`*${'abcdefghi'[i]},`.repeat(10)}]\n`).join('')}`;

/** A document with these members. */
const document = (members: string): string =>
  `{"openapi":"3.0.1","info":{"title":"t","version":"1"},"paths":{},${members}}`;
const schemas = (count: number, schema: (i: number) => string): string =>
  document(`"components":{"schemas":{${rows(count, (i) => `"s${i}":${schema(i)},`)}"a":{}}}`);

const TOO_DEEP = /^maps and lists are nested more than 100 deep$/;
const TOO_MANY = /^more than 500000 values$/;
const TOO_MANY_MERGED = /^merge keys stand for more than 50000 members$/;
const TOO_MANY_TOKENS = /^more than 800000 words and signs of YAML; as JSON it may have more$/;
/** Ends either way. */
const ANY = /^/;

const ATTACKS: readonly (readonly [name: string, text: () => string, ends: RegExp | 'read'])[] = [
  ['aliases of aliases', laughs, /^aliases stand for more than 500000 values$/],
  [
    'aliases of much text',
    () => `a: &a ${'x'.repeat(MILLION)}\nb: [${'*a,'.repeat(10)}]`,
    /larger than 6 MB$/,
  ],
  ['[', () => '['.repeat(3 * MILLION), TOO_DEEP],
  ['{"a":', () => '{"a":'.repeat(MILLION), TOO_DEEP],
  ['{a: ', () => '{a: '.repeat(MILLION), TOO_DEEP],
  ['deep blocks', () => rows(3000, (i) => `${' '.repeat(i)}a:\n`), TOO_DEEP],
  ['- - -', () => `a:\n${'- '.repeat(20_000)}`, TOO_DEEP],
  ['? ? ?', () => '? '.repeat(MILLION), TOO_DEEP],
  ['one long string', () => `{"a":"${'x'.repeat(6 * MILLION)}"}`, 'read'],
  ['one long plain scalar', () => `a: ${'x '.repeat(3 * MILLION)}`, 'read'],
  ['a folded scalar of many lines', () => `a: >\n${' x\n'.repeat(MILLION)}`, 'read'],
  ['many keys', () => `{${rows(400_000, (i) => `"${i}":1,`)}"a":1}`, TOO_MANY],
  ['many keys in YAML', () => rows(600_000, (i) => `${i}:\n`), TOO_MANY_TOKENS],
  ['many items', () => `[${'1,'.repeat(MILLION)}1]`, TOO_MANY],
  ['many items in YAML', () => `a:\n${'- 1\n'.repeat(MILLION)}`, TOO_MANY_TOKENS],
  ['ends of lines', () => `${'\n'.repeat(3 * MILLION)}a: 1`, TOO_MANY_TOKENS],
  ['anchors', () => `a:\n${rows(300_000, (i) => `- &a${i} 1\n`)}`, TOO_MANY_TOKENS],
  [
    'merged keys',
    () => `a: &a {${rows(1000, (i) => `a${i}: 1, `)}}\n${rows(3000, (i) => `b${i}: {<<: *a}\n`)}`,
    TOO_MANY_MERGED,
  ],
  ['directives', () => `${'%YAML 1.2\n'.repeat(MILLION / 2)}---\na: 1`, TOO_MANY_TOKENS],
  ['comments', () => `a: 1\n${'# a\n'.repeat(MILLION)}b: 1`, TOO_MANY_TOKENS],
  ['documents', () => '---\n'.repeat(MILLION), /^a second document/],
  ['errors', () => `a: ${']'.repeat(3 * MILLION)}`, /^not YAML: /],
  ['more errors', () => `{${'a b c d: e: ,'.repeat(66_000)}}`, /^not YAML: /],
  ['a long number', () => `{"a":${'1'.repeat(6 * MILLION)}}`, 'read'],
  ['a long number in YAML', () => `a: ${'1'.repeat(6 * MILLION)}`, 'read'],
  ['halves of characters', () => `{"a":"${'\\ud800'.repeat(MILLION)}"}`, 'read'],
  ['NUL', () => `a: ${'x'.repeat(MILLION)}\0`, /^the character "\\u0000" may not stand in YAML$/],
  ['ends of lines that count', () => `a: |+\n${'\n'.repeat(3 * MILLION)}`, ANY],
  ['schemas', () => schemas(200_000, () => '{}'), 'read'],
  [
    'references',
    () => schemas(100_000, (i) => `{"$ref":"#/components/schemas/s${(i * 7919) % 100_000}"}`),
    'read',
  ],
  ['references to nowhere', () => schemas(100_000, (i) => `{"$ref":"#/nope${i}"}`), 'read'],
  ['a long pointer', () => schemas(1, () => `{"$ref":"#${'/~1'.repeat(MILLION)}"}`), 'read'],
  ['mistakes', () => document(`${rows(200_000, (i) => `"foo${i}":1,`)}"a":1`), 'read'],
  ['tags', () => document(`"tags":[${rows(60_000, (i) => `{"name":"t${i}"},`)}{"name":"z"}]`), 'read'],
];

const MEANS = { account: '1', region: 'us-east-1', partition: 'aws', basePath: 'ignore' } as const;

for (const [name, text, ends] of ATTACKS) {
  test(`a text of ${name}`, async () => {
    const sent = text();
    let turns = 0;
    const timer = setInterval(() => turns++, 50);
    const began = performance.now();
    const cpu = process.cpuUsage();
    const loop = performance.eventLoopUtilization();
    const end = await definitionOf(sent, MEANS).then(
      () => 'read',
      (error: unknown) => {
        assert.ok(error instanceof DefinitionError, String(error));
        return error.detail ?? error.message;
      },
    );
    const { user, system } = process.cpuUsage(cpu);
    const { utilization } = performance.eventLoopUtilization(loop);
    const seconds = (performance.now() - began) / 1000;
    clearInterval(timer);
    // A text that can be read need not be of OpenAPI.
    assert.match(end, ends === 'read' ? /^read$|^the root has no member openapi/ : ends);
    // Generous, for machines that have other things to do: they take up to three, most far less than one.
    assert.ok(user + system < 10 * MILLION, `${user + system} µs of a processor`);
    assert.ok(turns >= Math.floor(seconds), `a timer of 50 ms had ${turns} turns in ${seconds} seconds`);
    if (seconds > 1) assert.ok(utilization < 0.5, `${utilization} of ${seconds} seconds`);
  });
}
