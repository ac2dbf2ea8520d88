// What is told of a template that is rendered once more: values in their places, bounds, and where it fails.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VMap } from './values.ts';
import { watchTemplate } from './watch-template.ts';

const watch = (template: string, body = '{"a": [1, 2], "s": "x"}') =>
  watchTemplate(template, {
    body,
    context: new VMap(new Map([['stage', 'prod']]), 'java'),
    stageVariables: new Map([['colour', 'blue']]),
  });

/** Each value as `line:column reference = value`. */
const valuesOf = (template: string): string[] =>
  watch(template).values.map(
    ({ line, column, reference, value }) => `${line}:${column} ${reference} = ${value}`,
  );

const VALUES: readonly (readonly [name: string, template: string, values: readonly string[]])[] = [
  ['what is printed', '$context.stage', ['1:1 $context.stage = prod']],
  [
    'however it is written',
    'a ${stageVariables.colour}\n$!context.no',
    ['1:3 ${stageVariables.colour} = blue', '2:1 $!context.no = undefined'],
  ],
  [
    'what is set and what is used then',
    "#set($x = $input.path('$.s'))\n$x",
    ["1:11 $input.path('$.s') = x", '2:1 $x = x'],
  ],
  [
    'tests, arguments and lists',
    '#if($context.stage == "prod")#set($l = [$context.stage])#end',
    ['1:5 $context.stage = prod', '1:41 $context.stage = prod'],
  ],
  ['inside of strings', '#set($a = "in $context.stage")', ['1:15 $context.stage = prod']],
  ['each value of a loop once', '#foreach($i in [1, 1, 2])$i#end', ['1:26 $i = 1', '1:26 $i = 2']],
  [
    'in macros, where they are defined',
    '#macro(m $v)<$v>#end#m($context.stage)',
    ['1:24 $context.stage = prod', '1:14 $v = prod'],
  ],
  [
    'of what is defined, when it is printed',
    '#define($d)$context.stage#end$d',
    ['1:12 $context.stage = prod'],
  ],
  [
    'only of branches that were taken',
    '#if(false)$context.stage#else$stageVariables.colour#end',
    ['1:30 $stageVariables.colour = blue'],
  ],
];
for (const [name, template, values] of VALUES) {
  test(`values: ${name}`, () => assert.deepEqual(valuesOf(template), values));
}

const PROBLEMS: readonly (readonly [name: string, template: string, message: string])[] = [
  ['a directive', 'a\n b #parse("x")', 'Line 2, column 4: #parse finds no file: a template has none'],
  ['a method', '\n$context.stage.substring(9)', 'Line 2, column 1: '],
  [
    'the innermost',
    '#foreach($i in [1])\n  #if(true) #include("x") #end\n#end',
    'Line 2, column 13: #include',
  ],
  ['bad syntax', '\n #set(x)', 'Line 2, column 7: #set needs a reference on its left side'],
  ['bad syntax in a string', '\n#set($a = "b ${c d}")', 'Line 2, column 17: "}" is missing'],
  [
    'too many steps',
    '#foreach($i in [1..1000])\n#foreach($j in [1..1000])#foreach($k in [1..1000])$k#end#end#end',
    'Line 2, column ',
  ],
];
for (const [name, template, message] of PROBLEMS) {
  test(`where it fails: ${name}`, () => {
    const { problem } = watch(template);
    assert.ok(problem?.message.startsWith(message), problem?.message);
    assert.ok(problem !== undefined);
    assert.equal(problem.message.startsWith(`Line ${problem.line}, column ${problem.column}: `), true);
  });
}

test('200 values, 1,024 characters of each, and no more than is printed of all', () => {
  const many = watch('#foreach($i in [1..1000])$i#end').values;
  assert.equal(many.length, 200);
  const long = watch('$input.body', 'x'.repeat(2_000)).values;
  assert.equal(long[0]!.value, 'x'.repeat(1_024));
  const wide = watch('$input.body\n$input.body', 'x'.repeat(300_000)).values;
  assert.equal(wide.length, 1);
});
