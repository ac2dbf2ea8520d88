// Mapping templates against the vectors of the specification, and what the vectors leave out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileTemplate } from './compile-template.ts';
import { testEnvironment } from './environment.test.support.ts';
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
  for (const [cites, template, output, body] of templateRows) {
    test(`${cites} ${template}`, () => assert.equal(render(template, body), output));
  }
});

describe('templates that fail (spec/websocket-api.md §3.9.5)', () => {
  for (const [cites, template, body] of failingTemplates) {
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
    ['a backreference', '#set($s = "aa".matches("(a)\\1"))#set($x = "a")$x.matches("(a)\\1")'],
  ];
  for (const [what, template] of attacks) {
    test(what, () => assert.throws(() => render(template), TemplateError));
  }

  test('JSON without end is no payload', () => {
    assert.equal(render("$input.json('$.a')", '['.repeat(100_000)), '""');
  });

  test('a catastrophic regular expression takes linear time', () => {
    const body = JSON.stringify({ s: `${'a'.repeat(5_000)}!` });
    assert.equal(render("$input.path('$.s').matches('(a+)+b')", body), 'false');
    assert.equal(render("$input.json('$[?(@.s =~ /(a|aa)+c/)]')", body), '[]');
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
      const text = `[$${name === '__proto__' ? 'x' : name}][$context.${name}][$context["${name}"]][$stageVariables.${name}()][$context.stage.${name}()]`;
      assert.equal(render(text), '[][][][][]', name);
    }
  });
});
