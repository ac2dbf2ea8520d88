// What AWS leaves unclear about messages and what Postern does, one row a choice of spec/websocket-api.md §12: what clients
// see of it on the wire.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  frame,
  http,
  type MessageCase,
  MOCK,
  NAMED,
  PROXY,
  rendered,
  runMessageCases,
} from '../../support/message-stand.ts';

const message = '{"x": "a", "none": null}';
const LARGE = 'x'.repeat(131_073);

const CHOICES: readonly MessageCase[] = [
  {
    name: 'U08: messages do not choose $connect and $disconnect',
    routes: { $default: NAMED },
    messages: [
      ['{"x": "$connect"}', '$default'],
      ['{"x": "$disconnect"}', '$default'],
      ['{"x": "$default"}', '$default'],
    ],
  },
  {
    name: 'U09: keys of null, objects and arrays',
    routes: { $default: NAMED, '{k=v, k2=v2}': NAMED, '[a, b]': NAMED },
    messages: [
      ['{"x": null}', '$default'],
      ['{"x": {"k": "v", "k2": "v2"}}', '{k=v, k2=v2}'],
      ['{"x": ["a", "b"]}', '[a, b]'],
    ],
  },
  {
    name: 'U10: routing and models read JSON strictly, templates leniently',
    routes: {
      $default: rendered("$input.path('$.x')"),
      a: NAMED,
      model: { ...NAMED, route: { ModelSelectionExpression: 'm', RequestModels: { m: 'Any' } } },
    },
    models: { Any: '{"type": "object"}' },
    messages: [
      ["{'x': 'a',}", '[a]'],
      ['{"x": "a"}', 'a'],
      ['{"x": "model"}', 'model'],
    ],
  },
  {
    name: 'U11: the frame of a model has messageId',
    routes: { a: { ...NAMED, route: { ModelSelectionExpression: 'm', RequestModels: { m: 'Never' } } } },
    models: { Never: '{"not": {}}' },
    messages: [[message, frame('Bad request body', 'messageId')]],
  },
  {
    name: 'U12: null from a proxy function is malformed, on one-way routes too',
    routes: { a: { ...PROXY, answers: false }, b: PROXY },
    answer: { payload: 'null' },
    messages: [
      [message, frame('Internal server error')],
      ['{"x": "b"}', frame('Internal server error')],
    ],
  },
  {
    name: 'U13: application/json, by the method that is configured, POST for ANY',
    routes: { a: { integration: http('HTTP', 'PUT') }, b: { integration: http('HTTP_PROXY', 'ANY') } },
    messages: [
      [message, 'ok'],
      ['{"x": "b"}', 'ok'],
    ],
    also: ({ backend: { requests } }) =>
      assert.deepEqual(
        requests.map(({ startLine, headers }) => [
          startLine,
          headers.filter(([name]) => name.toLowerCase() === 'content-type').map(([, value]) => value),
        ]),
        [
          ['PUT / HTTP/1.1', ['application/json']],
          ['POST / HTTP/1.1', ['application/json']],
        ],
      ),
  },
  {
    name: 'U14: a status of HTTP_PROXY other than 2xx is passed through, or silent on one-way routes',
    routes: {
      a: { integration: http('HTTP_PROXY') },
      b: { integration: http('HTTP_PROXY'), answers: false },
    },
    reply: 'HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\nfail',
    messages: [
      ['{"x": "b"}', null],
      [message, 'fail'],
    ],
  },
  {
    name: 'U15: templates without an expression: application/json, then $default, then the only one',
    routes: {
      a: {
        integration: {
          ...MOCK,
          RequestTemplates: { 'application/json': '{"statusCode": 200}', $default: 'none' },
        },
        responses: [{ ResponseTemplates: { $default: 'default', 'application/json': 'json' } }],
      },
      b: { responses: [{ ResponseTemplates: { other: 'other', $default: 'default' } }] },
      c: { responses: [{ ResponseTemplates: { other: 'only' } }] },
    },
    messages: [
      [message, 'json'],
      ['{"x": "b"}', 'default'],
      ['{"x": "c"}', 'only'],
    ],
  },
  {
    name: 'U16: a response template key without match: the body as it is',
    routes: {
      a: {
        integration: http('HTTP'),
        responses: [{ TemplateSelectionExpression: 'nothing', ResponseTemplates: { other: 'other' } }],
      },
    },
    messages: [[message, 'ok']],
  },
  {
    name: 'U18: an answer of more than 128 KB',
    routes: { a: PROXY },
    answer: { payload: JSON.stringify({ body: LARGE }) },
    messages: [[message, frame('Internal server error')]],
  },
  {
    name: 'U18: an answer of 128 KB',
    routes: { a: PROXY },
    answer: { payload: JSON.stringify({ body: LARGE.slice(1) }) },
    messages: [[message, LARGE.slice(1)]],
  },
  {
    name: 'U19: what is missing or empty is true',
    routes: {
      a: rendered(
        "#if($input.path('$.missing'))T#end#if($input.path('$.none'))T#end#if($nothing)T#end#if('')F#end#if(false)F#end",
      ),
    },
    messages: [[message, '[TTT]']],
  },
  {
    name: 'U20: $input.json of null',
    routes: { a: rendered("$input.json('$.none')") },
    messages: [[message, '[""]']],
  },
  {
    name: 'U21: escapeJavaScript escapes the apostrophe',
    routes: { a: rendered("$util.escapeJavaScript($input.path('$.y'))") },
    messages: [['{"x": "a", "y": "it\'s"}', "[it\\'s]"]],
  },
  {
    name: 'U22: #macro',
    routes: {
      a: { responses: [{ ResponseTemplates: { $default: '#macro(twice $v)$v$v#end#twice("ab")' } }] },
    },
    messages: [[message, 'abab']],
  },
  {
    name: 'U23: of an override that is set twice the last counts',
    routes: {
      a: {
        integration: {
          ...http('HTTP'),
          RequestTemplates: {
            $default:
              '#set($context.requestOverride.header.x-a = "1")#set($context.requestOverride.header.x-a = "2")b',
          },
        },
      },
    },
    messages: [[message, 'ok']],
    also: ({ backend: { requests } }) =>
      assert.deepEqual(
        requests[0]!.headers.filter(([name]) => name === 'x-a'),
        [['x-a', '2']],
      ),
  },
  {
    name: 'U24: blanks around what a template makes stay',
    routes: { a: { responses: [{ ResponseTemplates: { $default: '\n  {"a": 1} \n' } }] } },
    messages: [[message, '\n  {"a": 1} \n']],
  },
  {
    name: 'U34: a route response makes a route two-way, with the expression or without',
    routes: {
      a: { ...NAMED, route: { RouteResponseSelectionExpression: undefined } },
      b: { ...NAMED, answers: false },
      c: NAMED,
    },
    messages: [
      [message, 'a'],
      ['{"x": "b"}', null],
      ['{"x": "c"}', 'c'],
    ],
  },
];

test('what AWS leaves unclear about messages (§12)', (t) => runMessageCases(t, CHOICES));
