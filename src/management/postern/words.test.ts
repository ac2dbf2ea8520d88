// Every word that is offered is understood where it is offered, and every variable with a value is offered.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMappingKey } from '../../grammar/mapping-key.ts';
import type { Side } from '../../grammar/mapping-source.ts';
import { parseMappingValue } from '../../grammar/mapping-value.ts';
import { parseRequestParameter } from '../../grammar/socket-request-parameter.ts';
import { parseResponseParameter } from '../../grammar/socket-response-parameter.ts';
import { type Value, VMap } from '../../template/values.ts';
import { watchTemplate } from '../../template/watch-template.ts';
import { type Word, wordsOf } from './words.ts';

const SIDES: readonly Side[] = ['request', 'response'];

/** With a name behind what ends in a dot. */
const whole = ({ text }: Word) => (text.endsWith('.') ? `${text}x` : text);

const of = (words: readonly Word[], side: Side) => words.filter((word) => (word.side ?? side) === side);

describe('words of HTTP APIs', () => {
  const { keys, sources, templates } = wordsOf('HTTP');

  test('each key is one of its side, and all are there', () => {
    for (const side of SIDES) for (const word of of(keys, side)) parseMappingKey(whole(word), side);
    assert.deepEqual(
      SIDES.map((side) => of(keys, side).map(({ text }) => text)),
      [
        [
          ...['remove:header.', 'overwrite:header.', 'append:header.'],
          ...['remove:querystring.', 'overwrite:querystring.', 'append:querystring.'],
          'overwrite:path',
        ],
        ['remove:header.', 'overwrite:header.', 'append:header.', 'overwrite:statuscode'],
      ],
    );
  });

  test('each source is one of its side', () => {
    for (const side of SIDES) {
      const own = of(sources, side);
      assert.ok(own.length > 30);
      for (const word of own) {
        const value = parseMappingValue(whole(word), side);
        assert.ok(value.kind === 'selector', word.text);
      }
    }
    assert.equal(templates, undefined);
  });
});

describe('words of WebSocket APIs', () => {
  const { keys, sources, templates = [] } = wordsOf('WEBSOCKET');

  test('each key goes with each source of its side', () => {
    const parse = { request: parseRequestParameter, response: parseResponseParameter };
    for (const side of SIDES) {
      for (const key of of(keys, side)) {
        for (const source of of(sources, side)) {
          const parsed = parse[side](whole(key), whole(source));
          assert.notEqual(parsed.source.from, 'static', source.text);
        }
      }
    }
    assert.deepEqual(
      SIDES.map((side) => of(keys, side).length),
      [3, 1],
    );
  });

  test('each reference of a template has a value where there is one', () => {
    const context: VMap['entries'] = new Map();
    const put = (into: VMap['entries'], [name = '', ...rest]: readonly string[]): void => {
      if (rest.length === 0) {
        into.set(name, 'a value');
        return;
      }
      const below = into.get(name);
      const map = below instanceof VMap ? below : new VMap(new Map<string, Value>(), 'java');
      into.set(name, map);
      put(map.entries, rest);
    };
    const references = templates.map((word) => whole(word).replace(/^(\$util\.\w+)\(\)$/, "$1('1234')"));
    for (const each of references) if (each.startsWith('$context.')) put(context, each.split('.').slice(1));
    for (const reference of references) {
      const { values, problem } = watchTemplate(reference, {
        body: '{"a":1}',
        context: new VMap(context, 'java'),
        stageVariables: new Map([['x', 'a value']]),
        parameters: { path: new Map(), querystring: new Map([['name', 'a value']]), header: new Map() },
      });
      assert.equal(problem, undefined, reference);
      assert.notEqual(values[0]?.value, undefined, reference);
    }
  });
});

test('variables that mappings may name are offered, and others are not', () => {
  const offered = (protocol: 'HTTP' | 'WEBSOCKET') =>
    wordsOf(protocol).sources.flatMap(({ text }) => /^\$?context\.(.*)/.exec(text)?.[1] ?? []);
  assert.ok(offered('HTTP').includes('authorizer.claims.') && offered('HTTP').includes('identity.sourceIp'));
  assert.ok(offered('WEBSOCKET').includes('connectionId'));
  assert.ok(!offered('HTTP').includes('dataProcessed'), 'it is for access logs alone');
  for (const { detail } of [...wordsOf('HTTP').sources, ...wordsOf('WEBSOCKET').sources]) {
    assert.match(detail, /^[^\n`]+$/);
  }
});
