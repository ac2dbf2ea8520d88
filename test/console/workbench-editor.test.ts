// What is completed and coloured in the workbench's editors (console/src/workbench/editor), and what errors are about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Language, tokenKind, tokenPattern } from '../../console/src/workbench/editor/tokens.ts';
import {
  type Complete,
  completeKeys,
  completePlainSources,
  completeSources,
  completeTemplates,
  ownKeys,
  ownSources,
} from '../../console/src/workbench/editor/words.ts';
import { readFieldPath } from '../../console/src/workbench/field-path.ts';

const WORDS = [{ text: '$context.requestId' }, { text: '$request.header.' }];

const completions: readonly [
  complete: Complete,
  before: string,
  isAsked: boolean,
  from: number,
  first: string,
][] = [
  [completeSources(WORDS), '$', false, 0, '$context.requestId'],
  [completeSources(WORDS), 'v=$request.hea', false, 2, '$context.requestId'],
  [completeSources(WORDS), 'v=${cont', false, 2, '${context.requestId}'],
  [completeSources(WORDS), '', true, 0, '$context.requestId'],
  [completeSources(WORDS), 'text ', true, 5, '$context.requestId'],
  [completeKeys([{ text: 'append:header.' }]), 'app', false, 0, 'append:header.'],
  [completeKeys([{ text: 'append:header.' }]), '', true, 0, 'append:header.'],
  [completePlainSources([{ text: 'route.request.body.' }]), 'route.', false, 0, 'route.request.body.'],
  [completeTemplates([{ text: '$input.body' }]), '{"a": $inp', false, 6, '$input.body'],
  [completeTemplates([{ text: '$input.body' }]), '{"a": $!{inp', false, 6, '$input.body'],
  [completeTemplates([{ text: '$input.body' }]), '  #fo', false, 2, '#set($name = "")'],
  [completeTemplates([{ text: '$input.body' }]), 'x ', true, 2, '$input.body'],
];
for (const [complete, before, isAsked, from, first] of completions) {
  test(`${JSON.stringify(before)}${isAsked ? ', asked for,' : ''} is completed from ${from}, with ${first}`, () => {
    const found = complete(before, isAsked);
    assert.deepEqual([found?.from, found?.words[0]?.text], [from, first]);
  });
}

test('what goes on is not closed by a brace', () => {
  assert.equal(completeSources(WORDS)('${request', false)?.words[1]?.text, '${request.header.');
});

test('plain text is completed when it is asked for alone', () => {
  const all = [
    completeSources(WORDS),
    completeKeys(WORDS),
    completePlainSources(WORDS),
    completeTemplates(WORDS),
  ];
  assert.deepEqual(
    all.map((complete) => complete('', false)),
    [undefined, undefined, undefined, undefined],
  );
  assert.equal(completePlainSources(WORDS)("'text", true), undefined);
});

const AT_HAND = {
  routeKey: 'POST /pets/{petId}/{rest+}',
  url: '/pets/7/x?color=red&q%20q=1',
  headers: [['X-Version', '7']] as const,
  body: '{"pet":{"name":"Rex","tags":[1]},"not a name":1}',
  variables: { backend: 'b:1' },
};

test('what the request at hand has can be completed, with what it is', () => {
  assert.deepEqual(
    ownSources(AT_HAND).map(({ text, detail }) => `${text} ${detail}`),
    [
      '$request.path.petId a variable of the route',
      '$request.path.rest a variable of the route',
      '$request.header.X-Version 7',
      '$request.querystring.color red',
      '$request.body.pet {"name":"Rex","tags":[1]}',
      '$request.body.pet.name "Rex"',
      '$request.body.pet.tags [1]',
      '$stageVariables.backend b:1',
    ],
  );
  assert.deepEqual(
    ownKeys(AT_HAND).map(({ text }) => text),
    ['remove:header.X-Version', 'overwrite:querystring.color'],
  );
  assert.deepEqual(
    ownSources({ ...AT_HAND, routeKey: '$default', url: '/', headers: [], body: '[', variables: {} }),
    [],
  );
});

/** The pieces of a line that are coloured. */
function tokensOf(
  line: string,
  language: Language,
): readonly { readonly text: string; readonly kind: string }[] {
  const pattern = tokenPattern(language);
  if (pattern === undefined) return [];
  return [...line.matchAll(pattern)].map((match) => ({ text: match[0], kind: tokenKind(match) }));
}

const coloured: readonly [language: Language, line: string, tokens: string][] = [
  ['value', 'v=${request.header.a};$context.stage', 'source ${request.header.a} | source $context.stage'],
  ['value', "'text'", "string 'text'"],
  ['value', 'route.request.body.a', 'source route.request.body.a'],
  ['value', 'US$5', ''],
  ['key', 'append:header.x-a', 'action append:'],
  ['key', 'integration.request.header.x', 'source integration.request.'],
  [
    'template',
    '#set($x = $input.path("$.a")) ## why',
    'directive #set | source $x | source $input.path | comment ## why',
  ],
  [
    'template',
    '#if($x > 10)"yes"#end',
    'directive #if | source $x | number 10 | string "yes" | directive #end',
  ],
  ['template', '#{else}', 'directive #{else}'],
  ['json', '{"a": [1, true, "b"]}', 'string "a" | number 1 | word true | string "b"'],
  ['text', '$context.stage', ''],
];
for (const [language, line, tokens] of coloured) {
  test(`${JSON.stringify(line)} is coloured as a ${language}`, () => {
    assert.equal(
      tokensOf(line, language)
        .map(({ kind, text }) => `${kind} ${text}`)
        .join(' | '),
      tokens,
    );
  });
}

test('long lines of nothing but beginnings are coloured', () => {
  for (const language of ['value', 'key', 'template', 'json'] as const) {
    for (const piece of ['$', '${', '"', "'", '#', '##', '$a.', '\\', '1e'])
      tokensOf(piece.repeat(20_000), language);
  }
});

const fields: readonly [field: string, names: readonly string[]][] = [
  ['', []],
  ['IntegrationUri', ['IntegrationUri']],
  ['RequestParameters["append:header.x"]', ['RequestParameters', 'append:header.x']],
  [
    'ResponseParameters["500"]["overwrite:statuscode"]',
    ['ResponseParameters', '500', 'overwrite:statuscode'],
  ],
  ['RequestParameters["a\\"]["]', ['RequestParameters', 'a"][']],
  [
    'IntegrationResponses[0].ResponseTemplates["$default"]',
    ['IntegrationResponses', '0', 'ResponseTemplates', '$default'],
  ],
  ['not a field', []],
];
for (const [field, names] of fields) {
  test(`an error of ${JSON.stringify(field)} is about ${JSON.stringify(names)}`, () => {
    assert.deepEqual(readFieldPath(field), names);
  });
}
