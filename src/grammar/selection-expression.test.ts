import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { GrammarError } from './grammar-error.ts';
import {
  parseSelectionExpression,
  printSelectionExpression,
  type SelectionExpression,
  type SelectionPart,
  type SelectionSource,
  type SelectionUse,
} from './selection-expression.ts';

const text = (content: string): SelectionPart => ({ kind: 'text', text: content });
const variable = (path: string): SelectionPart => ({ kind: 'variable', path, source: sources[path]! });

/** Where each variable of the cases is read. */
const sources: { readonly [path: string]: SelectionSource } = {
  'request.body': { from: 'body', path: '' },
  'request.body.action': { from: 'body', path: '.action' },
  'request.body.service': { from: 'body', path: '.service' },
  'request.body.list[1]': { from: 'body', path: '.list[1]' },
  'request.body.n': { from: 'body', path: '.n' },
  'request.body.a': { from: 'body', path: '.a' },
  "request.body['a b'].c": { from: 'body', path: "['a b'].c" },
  "request.body['}']": { from: 'body', path: "['}']" },
  'integration.response.statuscode': { from: 'answerStatus' },
  'response.statuscode': { from: 'answerStatus' },
  'integration.response.header.X-A': { from: 'answerHeader', name: 'X-A', isMultiValue: false },
  'integration.response.multivalueheader.x': { from: 'answerHeader', name: 'x', isMultiValue: true },
  'integration.response.body': { from: 'answerBody' },
  'integration.response.body.kind': { from: 'answerBody' },
  'integration.response.body[0].x': { from: 'answerBody' },
};

const expressions: readonly [source: string, use: SelectionUse, text: string, parts: SelectionExpression][] =
  [
    ['§2.3.7 S01', 'route', '$request.body.action', [variable('request.body.action')]],
    ['§2.3.7 S02', 'route', '${request.body.action}', [variable('request.body.action')]],
    [
      '§2.3.7 S03',
      'route',
      '${request.body.service}/${request.body.action}',
      [variable('request.body.service'), text('/'), variable('request.body.action')],
    ],
    ['§2.3.7 S05', 'route', 'action', [text('action')]],
    ['§2.3.7 S06', 'template', '\\$default', [text('$default')]],
    ['§2.3.7 S08', 'route', '${request.body.list[1]}', [variable('request.body.list[1]')]],
    [
      '§2.3.7 S14',
      'route',
      'v${request.body.n}-beta',
      [text('v'), variable('request.body.n'), text('-beta')],
    ],
    ['§2.3.2', 'route', '$request.body', [variable('request.body')]],
    ['§2.3.2', 'route', "$request.body['a b'].c.", [variable("request.body['a b'].c"), text('.')]],
    ['§2.3.2', 'route', "$request.body['}']", [variable("request.body['}']")]],
    ['§2.3.2', 'route', '$request.body.a[0', [variable('request.body.a'), text('[0')]],
    ['§2.3.2', 'route', '$request.body.a b', [variable('request.body.a'), text(' b')]],
    ['§2.3.2', 'route', '$5 \\a \\\\$ $', [text('$5 \\a \\$ $')]],
    ['§2.4', 'model', '$request.body.action', [variable('request.body.action')]],
    [
      '§2.4',
      'responseTemplate',
      '${integration.response.statuscode}',
      [variable('integration.response.statuscode')],
    ],
    ['§2.3.3', 'responseTemplate', '${response.statuscode}', [variable('response.statuscode')]],
    [
      '§2.4',
      'responseTemplate',
      '${integration.response.header.X-A}',
      [variable('integration.response.header.X-A')],
    ],
    [
      '§2.4',
      'responseTemplate',
      '${integration.response.multivalueheader.x}',
      [variable('integration.response.multivalueheader.x')],
    ],
    [
      '§2.4',
      'responseTemplate',
      'a${integration.response.body.kind}',
      [text('a'), variable('integration.response.body.kind')],
    ],
    ['§2.4', 'responseTemplate', '$integration.response.body', [variable('integration.response.body')]],
    [
      '§2.4',
      'responseTemplate',
      '$integration.response.body[0].x',
      [variable('integration.response.body[0].x')],
    ],
    ['§2.2.6', 'route', '\\$connect', [text('$connect')]],
  ];
for (const [source, use, given, parts] of expressions) {
  test(`websocket-api ${source}: ${given} selects a ${use}`, () => {
    assert.deepEqual(parseSelectionExpression(given, use), parts);
    assert.deepEqual(parseSelectionExpression(printSelectionExpression(parts), use), parts);
  });
}

const ROUTE = 'Invalid routeSelectionExpression';
const TEMPLATE = 'Invalid templateSelectionExpression specified';
const refused: readonly [source: string, use: SelectionUse, text: string, message: string][] = [
  ['management-api §2.1.1', 'route', '', ROUTE],
  ['§2.3.2', 'route', '${request.body.a', ROUTE],
  ['§2.3.2', 'route', '${}', ROUTE],
  ['§2.4', 'route', '$default', ROUTE],
  ['§2.4', 'route', '$request.header.x', ROUTE],
  ['§2.4', 'route', '$context.connectionId', ROUTE],
  ['§2.4', 'route', '$request.bodyguard', ROUTE],
  ['§2.3.3', 'route', '$Request.body.a', ROUTE],
  ['§2.4', 'model', '$context.stage', 'Invalid modelSelectionExpression specified'],
  ['§2.4', 'template', '${integration.response.statuscode}', TEMPLATE],
  ['§2.4', 'template', '$integration.response.body.kind', TEMPLATE],
  ['§2.4', 'route', '$integration.response.body.kind', ROUTE],
  ['§2.4', 'responseTemplate', '$integration.response.bodyguard', TEMPLATE],
  ['§2.4', 'responseTemplate', '$context.stage', TEMPLATE],
  ['§2.4', 'responseTemplate', '${integration.response.header.}', TEMPLATE],
];
for (const [source, use, given, message] of refused) {
  test(`${source}: ${JSON.stringify(given)} selects no ${use}`, () => {
    assert.throws(() => parseSelectionExpression(given, use), { constructor: GrammarError, message });
  });
}

test('any text prints to an expression of the same meaning, or is refused', () => {
  const pieces = [
    '$',
    '${',
    '}',
    '\\',
    'request.body',
    '$request.body.a',
    '.',
    '[',
    ']',
    "'",
    'x',
    ' ',
    '$default',
  ];
  const given = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(
      given,
      fc.constantFrom<SelectionUse>('route', 'template', 'responseTemplate'),
      (source, use) => {
        let parts: SelectionExpression;
        try {
          parts = parseSelectionExpression(source, use);
        } catch (error) {
          assert.ok(error instanceof GrammarError);
          return;
        }
        assert.deepEqual(parseSelectionExpression(printSelectionExpression(parts), use), parts);
      },
    ),
    { numRuns: NUM_RUNS },
  );
});
