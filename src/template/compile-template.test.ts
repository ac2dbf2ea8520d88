// Mapping templates against the vectors of the specification, and what the vectors leave out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileTemplate } from './compile-template.ts';
import { directiveRows } from './engine-directives.test.support.ts';
import { engineFailures } from './engine-failures.test.support.ts';
import { languageRows } from './engine-language.test.support.ts';
import { valueRows } from './engine-values.test.support.ts';
import { testEnvironment } from './environment.test.support.ts';
import { failingPaths, pathRows } from './jayway/rows.test.support.ts';
import { failingTemplates, templateRows } from './rows.test.support.ts';
import { TemplateError } from './values.ts';
import { vectors } from './vectors.test.support.ts';

const render = (template: string, body?: string) => compileTemplate(template).render(testEnvironment(body));

describe('vectors (spec/websocket-api.md §5.10)', () => {
  for (const { id, template, body, output } of vectors) {
    test(id, () => assert.equal(render(template, body), output));
  }

  test('every vector of the specification is here', () => {
    const numbered = vectors.filter(({ id }) => id < 'V200').map(({ id }) => Number(id.slice(1)));
    assert.deepEqual(
      numbered,
      Array.from({ length: 153 }, (_, i) => i + 1),
    );
  });

  test('V204: a parameter of the connect request', () => {
    const parameters = {
      path: new Map<string, string>(),
      querystring: new Map([['x', '1']]),
      header: new Map([['Host', 'h']]),
    };
    const text = "$input.params('x') $input.params() $input.params().get('header').Host";
    assert.equal(
      compileTemplate(text).render({ ...testEnvironment(), parameters }),
      '1 {path={}, querystring={x=1}, header={Host=h}} h',
    );
  });
});

describe('templates', () => {
  for (const [cites, template, output, body] of [
    ...templateRows,
    ...languageRows,
    ...directiveRows,
    ...valueRows,
  ]) {
    test(`${cites} ${template}`, () => assert.equal(render(template, body), output));
  }
});

/** The template that asks for a path, whatever quotes are in it. */
const asking = (path: string) => `$input.json('${path.replaceAll("'", "''")}')`;

describe('JSONPaths (spec/websocket-api.md §5.8)', () => {
  for (const [cites, path, result, document] of pathRows) {
    test(`${cites} ${path}`, () => assert.equal(render(asking(path), document), result));
  }
  for (const [cites, path, document] of failingPaths) {
    test(`${cites} ${path} fails`, () => assert.throws(() => render(asking(path), document), TemplateError));
  }
});

describe('templates that fail (spec/websocket-api.md §3.9.5)', () => {
  for (const [cites, template, body] of [...failingTemplates, ...engineFailures]) {
    test(`${cites} ${template}`, () => assert.throws(() => render(template, body), TemplateError));
  }

  test('a template of more than 300 KB is refused', () => {
    assert.equal(render('x'.repeat(307_200)).length, 307_200);
    assert.throws(() => render('x'.repeat(307_201)), TemplateError);
  });

  test('a syntax error says where', () => {
    assert.throws(
      () => compileTemplate('a\n  #if(1 +)'),
      /^TemplateError: Line 2, column 11: an expression is malformed$|Line 2, column \d+/,
    );
  });
});

/** Macros each of which uses its argument twice. */
function doublingMacros(count: number): string {
  return Array.from({ length: count }, (_, i) => `#macro(m${i} $a)#m${i + 1}("$a$a")#end`)
    .join('')
    .concat(`#macro(m${count} $a)$a.length()#foreach($i in [1..1000])$a#end#end`);
}

/** Two lists of so many times thousand elements. */
function manyOf(count: number): string {
  const fill =
    '#foreach($i in [1..100])#set($d = $l.addAll([1..1000]))#set($d = $k.addAll([1001..2000]))#end';
  return `#set($l = [])#set($k = [])${count > 0 ? fill : ''}`;
}

describe('attacks stay inside their bounds', () => {
  const attacks: readonly [what: string, template: string][] = [
    ['a text that doubles', '#set($s = "xxxxxxxxxx")#foreach($i in [1..1000])#set($s = "$s$s")#end'],
    ['a text that doubles by concat', '#set($s = "xx")#foreach($i in [1..1000])#set($s = $s.concat($s))#end'],
    ['a number that squares', '#set($n = 9)#foreach($i in [1..1000])#set($n = $n * $n)#end'],
    ['a list that doubles', '#set($l = [1])#foreach($i in [1..1000])#set($d = $l.addAll($l))#end'],
    ['a list in itself', '#set($l = [])#set($d = $l.add($l))$l'],
    ['a map in itself', '#set($m = {})#set($m.m = $m)$m'],
    [
      'loops in loops',
      '#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])#end#end#end',
    ],
    ['a range without end', '#set($r = [1..999999999])'],
    ['output without end', '#foreach($a in [1..1000])#foreach($b in [1..1000])xxxxxxxxxxxxxxxxxxxx#end#end'],
    ['a macro that calls itself', '#macro(m)#m()#end#m()'],
    ['a block that prints itself', '#define($b)$b#end$b'],
    ['evaluate in evaluate', "#set($t = '#evaluate($t)')#evaluate($t)"],
    ['parentheses without end', `#set($x = ${'('.repeat(10_000)}1${')'.repeat(10_000)})`],
    ['blocks without end', `${'#if(true)'.repeat(5_000)}${'#end'.repeat(5_000)}`],
    ['lists without end', `#set($x = ${'['.repeat(10_000)}${']'.repeat(10_000)})`],
    [
      'strings in strings',
      '#set($s = "a".replace("", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"))#set($s = "$s$s$s$s")#foreach($i in [1..9])#set($s = $s.replace("x", $s))#end',
    ],
    ['a macro that calls itself by name', '#macro(m $a)#m("$a$a")$a#end#m("x")'],
    ['macros that double their argument', `${doublingMacros(19)}#set($s = "xxxxxxxxxxxxxxxxxxxx")#m0($s)`],
    ['a block macro in its own content', '#macro(m)#@m()$bodyContent#end#end#@m()x#end'],
    ['a block that is in itself by another name', '#set($e = "")#define($d)$e#end#set($e = $d)$d'],
    ['blocks that print each other', '#define($a)$b$b#end#define($b)$a$a#end$a'],
    ['a block as an argument of itself', '#macro(m $a)$a#m($a)#end#define($d)#m($d)#end#m($d)'],
    ['macros out of evaluate', "#set($t = '#macro(m)#evaluate($t)#m()#end#m()')#evaluate($t)"],
    [
      '#break to a loop that is over',
      '#foreach($i in [1])#set($f = $foreach)#end#foreach($i in [1..2])#break("x")#end',
    ],
    ['operators without end', `#set($x = 1${' + 1'.repeat(70_000)})`],
    ['an index in an index', `$x${'[$x'.repeat(5_000)}${']'.repeat(5_000)}`],
    [
      'lists in lists that are compared',
      '#set($a = [1])#set($b = [1])#foreach($i in [1..60])#set($a = [$a, $a])#set($b = [$b, $b])#end#if($a == $b)x#end',
    ],
    [
      'a hash code of lists in lists',
      '#set($a = [1])#foreach($i in [1..60])#set($a = [$a, $a])#end$a.hashCode()',
    ],
    [
      'JSON lists in JSON lists',
      "#set($l = $input.path('$.list'))#foreach($i in [1..60])#set($k = $input.path('$.list'))#set($d = $k.add($l))#set($d = $k.add($l))#set($l = $k)#end$l",
    ],
    ['a list that grows in its loop', '#set($l = [1])#foreach($x in $l)#set($d = $l.add($x))#end'],
    ['repeat without end', '#set($s = "x")#set($s = $s.repeat(9999999))#set($s = $s.repeat(9999999))'],
    ['join without end', '#set($s = "x")#foreach($i in [1..1000])#set($s = $s.join($s, [$s, $s]))#end'],
    ['removal of all from all', `${manyOf(2_000)}#set($d = $l.removeAll($k))`],
    ['a pattern of counts in counts', '#set($s = "a")$s.matches("((((a{99}){99}){99}){99}){99}")'],
    ['a pattern of parentheses', `#set($s = "a")$s.matches("${'('.repeat(2_000)}${')'.repeat(2_000)}")`],
    ['a pattern that is too long', `#set($s = "a")$s.matches("${'a|'.repeat(3_000)}")`],
    ['a class of classes', `#set($s = "a")$s.matches("${'['.repeat(1_500)}a${']'.repeat(1_500)}")`],
    [
      'a search that reads to the end each time',
      '#set($s = "a")#set($s = $s.repeat(200000))#set($s = $s.replaceAll("(?:a+x|a)", "b"))',
    ],
    [
      'a look-ahead that reads to the end',
      '#set($s = "a")#set($s = $s.repeat(200000).replaceAll("a(?=.*b|a)", "b"))',
    ],
    [
      'pieces without end',
      '#set($s = "a")#foreach($i in [1..50])#set($l = $s.repeat(1000000).split(""))#end',
    ],
    ['steps of a path without end', `$input.json('$${'.a'.repeat(100_000)}')`],
    ['arguments in arguments', `$x${'.a($x'.repeat(20_000)}${')'.repeat(20_000)}`],
    ['filters in filters', `$input.json('$${'[?(@.x'.repeat(2_000)}${')]'.repeat(2_000)}')`],
    ['functions in functions', `$input.json('$.${'sum($.'.repeat(2_000)}n${')'.repeat(2_000)}')`],
    ['a filter of many tests', `$input.json('$.items[?(@.id == 1${' || @.id == 2'.repeat(20_000)})]')`],
    ['a backreference', '#set($s = "aa".matches("(a)\\1"))#set($x = "a")$x.matches("(a)\\1")'],
  ];
  for (const [what, template] of attacks) {
    test(what, () => assert.throws(() => render(template), TemplateError));
  }

  test('a path that goes down everywhere, over and over', () => {
    const body = `${'{"a":'.repeat(150)}1${'}'.repeat(150)}`;
    assert.throws(() => render(`$input.json('$${'..[?(1 == 1)]'.repeat(9)}')`, body), TemplateError);
  });

  test('JSON without end is no payload', () => {
    assert.equal(render("$input.json('$.a')", '['.repeat(100_000)), '""');
  });

  test('a catastrophic regular expression takes linear time', () => {
    const body = JSON.stringify({ s: `${'a'.repeat(5_000)}!` });
    assert.equal(render("$input.path('$.s').matches('(a+)+b')", body), 'false');
    assert.equal(render("$input.json('$[?(@.s =~ /(a|aa)+c/)]')", body), '[]');
    assert.equal(render("$input.path('$.s').replaceAll('(?:a+x|a)(?=a*b)', '')", body).length, 5_001);
  });

  test('names of the host lead nowhere', () => {
    for (const name of [
      'constructor',
      '__proto__',
      'prototype',
      'toLocaleString',
      'hasOwnProperty',
      'process',
    ]) {
      const text = `[$${name}][$context["${name}"]]`;
      assert.equal(render(text), '[][]', name);
      if (name === '__proto__') continue;
      const members = `[$context.${name}][$stageVariables.${name}()][$context.stage.${name}()]`;
      assert.equal(render(members), '[][][]', name);
    }
  });
});
