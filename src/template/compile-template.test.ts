// Mapping templates against the vectors of the specification, and what the vectors leave out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileTemplate } from './compile-template.ts';
import { testEnvironment } from './environment.test.support.ts';
import { TemplateError } from './values.ts';
import { vectors } from './vectors.test.support.ts';

const render = (template: string, body?: string) => compileTemplate(template).render(testEnvironment(body));

describe('vectors (spec/websocket-api.md §5.10)', () => {
  for (const { id, template, body, output } of vectors) {
    test(id, () => assert.equal(render(template, body), output));
  }

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

const rows: readonly [cites: string, template: string, output: string, body?: string][] = [
  ['§5.2.1', '{"a": "\\"x\\""}', '{"a": "\\"x\\""}'],
  ['§5.2.2', '${context.stage}$!context.stage$!{context.stage}', 'prodprodprod'],
  ['§5.2.5', 'a $ b $! c ${} d', 'a $ b $! c ${} d'],
  ['§5.2.6', '\\#if \\\\#notone \\n', '#if \\\\#notone \\n'],
  ['§5.2.7', "$input.path('$.list').empty $context['stage']", 'true prod'],
  ['§5.2.9', '{"v": "$input.path("$.user.name")"}', '{"v": "Ann"}'],
  ['§5.3.1', '#set($m = {})#set($m["k"] = [1])#set($m.k[0] = 2)$m #set($none.x = 1)[$none]', '{k=[2]}[]'],
  ['§5.3.2', '#if(false)a#elseif(false)b#elseif(true)c#{else}d#{end}e', 'ce'],
  ['§5.3.3', '#foreach($x in "text")x#end#foreach($x in 5)x#end.', '.'],
  ['§5.3.3', '#set($x = 1)#foreach($x in [7..8])#end$x', '1'],
  ['§5.3.5', '#foreach($i in [1..2])#foreach($j in [1..3])#if($j == 2)#break#end$i$j #end#end', '11 21 '],
  ['§5.3.5', '#foreach($i in [1..3])$i#stop#end never', '1'],
  ['§5.3.6', '#define($b)$n#end#foreach($n in [1..3])$b#end', '123'],
  ['§5.3.7', '#macro(pair $a $b)$a=$b;#end#pair("x", 1)#pair($context.stage [2])', 'x=1;prod=[2];'],
  ['§5.3.7', '#notamacro($context.stage) #tag(of a thing)', '#notamacro($context.stage) #tag(of a thing)'],
  ['§5.3.8', "#set($t = '#if(true)$context.stage#end')#evaluate($t)", 'prod'],
  ['§5.3.9', 'a## x $b #if\n#[[ ## raw ]]##* gone *#b', 'a ## raw b'],
  ['§5.3.11', '#if(true) x #end y', ' x  y'],
  ['§5.4.1', '#set($x = -3)#set($y = 1.5e2)$x $y', '-3 150.0'],
  ['§5.4.1', '#set($l = [[1, 2], {"a": [3]}])$l[0][1] $l[1].a[0]', '2 3'],
  ['§5.4.2', '#set($x = (1 + 2) * 3 - -1)$x', '10'],
  ['§5.4.2', '#set($x = -7 / 2)$x#set($y = -7 % 2) $y', '-3 -1'],
  ['§5.4.2', '#set($x = $none - 1)[$x]', '[]'],
  ['§5.4.3', '#if(1 == 1.0 && "a" ne "b" && 2 ge 2 && 1 lt 2)T#end', 'T'],
  ['§5.4.3', '#if([1] == [1])T#end#if({} == [])F#end', 'T'],
  ['§5.4.4', '#if(true or $none.x())T#end#if(not (true and false))T#end', 'TT'],
  [
    '§5.5',
    '#set($s = "Hello")$s.charAt(1)$s.endsWith("lo")$s.equalsIgnoreCase("hELLO")$s.hashCode()',
    'etruetrue69609650',
  ],
  ['§5.5', '#set($s = " a ")[$s.trim()]$s.concat("b")$s.compareTo(" b")', '[a] a b-1'],
  [
    '§5.5',
    '#set($s = "a1b22")$s.replaceAll("([a-z])([0-9]+)", "$2$1;") $s.replaceFirst("[0-9]", "\\$")',
    '1a;22b; a$b22',
  ],
  [
    '§5.5',
    '#set($s = "a,b,,")$s.split(",").size() $s.split(",", 2)[1] $s.matches("a.*") $s.matches("a")',
    '2 b,, true false',
  ],
  [
    '§5.5',
    '#set($l = ["a"])#set($d = $l.add(0, "b"))#set($d = $l.addAll(["c"]))$l $l.subList(1, 3) $l.remove(0) $l.contains("a")',
    '[b, a, c] [a, c] b true',
  ],
  [
    '§5.5',
    '#set($m = {"a": 1})$m.getOrDefault("b", 2) $m.containsValue(1) $m.remove("a") $m.isEmpty()',
    '2 true 1 true',
  ],
  ['§5.5', '#set($m = {"a": 1})#foreach($e in $m.entrySet())$e.getKey()$e.value#end', 'a1'],
  [
    '§5.5',
    '#set($n = 3)$n.doubleValue() $n.compareTo(4) $n.valueOf("5") $n.parseDouble("1e3")',
    '3.0 -1 5 1000.0',
  ],
  ['§5.5.1', '[$context.class][$context.getClass()]["$context.stage.class.forName("x")"]', '[][][""]'],
  ['§5.5.1', "[$input.path('$').constructor][$input.path('$').__proto__][$util.constructor]", '[][][]'],
  [
    '§5.6.3',
    "$input.path('$')",
    '{a=1.0E-4, b=0.001, c=1.0E7, d=9999999.5, e=100000000000000000000}',
    '{"a":0.0001,"b":0.001,"c":1e7,"d":9999999.5,"e":100000000000000000000}',
  ],
  ['§5.6.7', '[$context][$context.requestOverride]$context.keySet().size()', '[][]9'],
  ['§5.7.2', '$util.urlEncode("é!(~)")$util.base64Encode("é")$util.toJson("x")', '%C3%A9%21%28%7E%29w6k='],
  ['§5.7.5', '#set($context.responseOverride.status = 404)$context.responseOverride.status', '404'],
];

describe('templates', () => {
  for (const [cites, template, output, body] of rows) {
    test(`${cites} ${template}`, () => assert.equal(render(template, body), output));
  }
});

const failing: readonly [cites: string, template: string, body?: string][] = [
  ['§5.2.5', 'a lone $'],
  ['§5.2.8', '#set($l = [1])$l[1]'],
  ['§5.2.8', '$context.stage.substring(9)'],
  ['§5.3.8', '#include("x")'],
  ['§5.3.8', '#parse("x")'],
  ['§5.3.12', '#if(true)'],
  ['§5.3.12', '#if(true)#end#end'],
  ['§5.3.12', '#set($x = (1)'],
  ['§5.3.12', '#set($x = 1 + )'],
  ['§5.3.12', '#foreach($x of [1])#end'],
  ['§5.4.2', '#set($x = $context.stage.size()-1)'],
  ['§5.7.2', '$util.parseJson("{")'],
  ['§5.7.2', '$util.base64Decode("*")'],
  ['§5.7.2', '$util.urlDecode("%zz")'],
];

describe('templates that fail (spec/websocket-api.md §3.9.5)', () => {
  for (const [cites, template, body] of failing) {
    test(`${cites} ${template}`, () => assert.throws(() => render(template, body), TemplateError));
  }

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
