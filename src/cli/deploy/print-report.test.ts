import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Change, DeployReport, MemberChange, PlacedFinding } from '../../definitions/deploy-answer.ts';
import { createPaint } from '../terminal.ts';
import { printRefusedReport, printReport } from './print-report.ts';
import { printStack, printStacks } from './print-stacks.ts';

const paint = createPaint(false);
const API = 'AWS::ApiGatewayV2::Api';
const ROUTE = 'AWS::ApiGatewayV2::Route';

const report = (more: Partial<DeployReport> = {}): DeployReport => ({
  outcome: 'deployed',
  stack: {
    ...{ name: 'pets', id: 'arn', account: '000000000000', region: 'us-east-1' },
    ...{ source: 'template.yaml', isNew: true },
  },
  changes: [],
  unchanged: 0,
  functions: [],
  outputs: {},
  endpoints: [],
  findings: [],
  ...more,
});
const change = (action: Change['action'], logicalId: string, more: Partial<Change> = {}): Change => ({
  action,
  logicalId,
  type: ROUTE,
  members: [],
  ...more,
});
const finding = (severity: PlacedFinding['severity'], text: string, more: Partial<PlacedFinding> = {}) => ({
  severity,
  text,
  ...more,
});

describe('the report of a deploy (spec/definitions.md §1.5.5)', () => {
  test('changes, findings and addresses, each with its own', () => {
    const functions = [{ logicalId: 'F', name: 'f' }];
    const whole = report({
      changes: [
        change('create', 'Api', { type: API, physicalId: 'a1b2c3d4e5' }),
        change('update', 'ListRoute', {
          physicalId: 'r222222',
          members: [{ name: 'Target', before: 'integrations/a', after: 'integrations/b' }],
        }),
        change('replace', 'ProdStage', {
          type: 'AWS::ApiGatewayV2::Stage',
          physicalId: 'live',
          members: [
            { name: 'StageName', before: 'prod', after: 'live', replaces: true },
            { name: 'StageVariables', after: { a: '1' } },
          ],
          changedOutside: true,
        }),
        change('delete', 'OldRoute', { physicalId: 'r999999' }),
        change('retain', 'Kept', { physicalId: 'r888888' }),
      ],
      unchanged: 14,
      functions,
      findings: [
        finding('note', 'has no effect here', { logicalId: 'A' }),
        finding('warning', 'nobody issues tokens', {
          logicalId: 'Jwt',
          at: { file: 'template.yaml', line: 41, column: 7 },
        }),
        finding('note', 'has no effect here', { logicalId: 'B' }),
      ],
      endpoints: [
        {
          ...{ logicalId: 'Api', apiId: 'a1b2c3d4e5', protocolType: 'HTTP', stage: '$default' },
          ...{ url: 'http://a1b2c3d4e5.execute-api.localhost:4700/', routes: [] },
        },
      ],
      outputs: {
        Url: { value: 'https://a.execute-api.us-east-1.amazonaws.com/', here: 'http://a.localhost/' },
        Queue: { reason: 'AWS::Foo::Bar is not part of Postern' },
      },
    });
    assert.equal(
      printReport(whole, paint),
      `pets  template.yaml  →  000000000000 us-east-1

   + Api        AWS::ApiGatewayV2::Api    a1b2c3d4e5
   ~ ListRoute  AWS::ApiGatewayV2::Route  r222222     Target: integrations/a → integrations/b
 -/+ ProdStage  AWS::ApiGatewayV2::Stage  live        (changed outside)
         StageName: prod → live (forces the replacement)
         StageVariables: (none) → {"a":"1"}
   - OldRoute   AWS::ApiGatewayV2::Route  r999999
   = Kept       AWS::ApiGatewayV2::Route  r888888
  1 added, 1 changed, 1 replaced, 1 deleted, 1 retained, 14 unchanged; 1 function

warning  template.yaml:41:7  Jwt: nobody issues tokens
note     has no effect here (2: A, B)

  Api $default  http://a1b2c3d4e5.execute-api.localhost:4700/
  Url    https://a.execute-api.us-east-1.amazonaws.com/   here: http://a.localhost/
  Queue  (not known here: AWS::Foo::Bar is not part of Postern)
`,
    );
  });

  const members: readonly (readonly [name: string, member: MemberChange, line: string])[] = [
    ['a value that comes', { name: 'A', after: 1 }, 'A: (none) → 1'],
    ['a value that goes', { name: 'A', before: 'x' }, 'A: x → (none)'],
    ['a secret one', { name: 'A' }, 'A'],
    ['control characters', { name: 'A', before: 'x', after: '\x1b[2J\n' }, 'A: x → \\x1b[2J\\n'],
    [
      'a long text, where it differs',
      { name: 'Body', before: `${'a'.repeat(200)}x${'b'.repeat(90)}`, after: `${'a'.repeat(200)}y` },
      `Body: …${'a'.repeat(20)}x${'b'.repeat(39)}… → …${'a'.repeat(59)}y`,
    ],
  ];
  for (const [name, member, line] of members) {
    test(`a member: ${name}`, () => {
      const text = printReport(report({ changes: [change('update', 'R', { members: [member] })] }), paint);
      assert.ok(text.includes(line), text);
    });
  }

  test('nothing to change is one line, and where it is called (§11.4.3)', () => {
    const outputs = { Url: { value: 'http://a/' } };
    assert.equal(
      printReport(report({ outcome: 'unchanged', unchanged: 3, outputs }), paint),
      'pets: nothing to change\n\n  Url  http://a/\n',
    );
  });

  test('a plan says that it is one', () => {
    const text = printReport(report({ outcome: 'planned', changes: [change('create', 'R')] }), paint);
    assert.match(
      text,
      /^ {3}\+ R {2}AWS::ApiGatewayV2::Route\n {2}1 added\n\nA dry run: nothing was changed\.\n$/m,
    );
  });

  test('a refusal has its errors first, with all lines of their texts, and says that nothing was done', () => {
    const at = { file: 'a.yaml', line: 3, column: 5 };
    const text =
      'Properties validation failed for resource R with message:\n#: required key [ApiId] not found';
    const findings = [finding('warning', 'w'), finding('error', text, { logicalId: 'R', at })];
    assert.equal(
      printRefusedReport(report({ outcome: 'refused', findings }), paint),
      `pets  template.yaml  →  000000000000 us-east-1

error    a.yaml:3:5  Properties validation failed for resource R with message:
         #: required key [ApiId] not found
warning  w

postern: Nothing was deployed.
`,
    );
  });

  test('warnings alone are refused by --strict', () => {
    const findings = [finding('warning', 'w')];
    assert.match(
      printRefusedReport(report({ outcome: 'refused', findings }), paint),
      /refused with --strict\.\n$/,
    );
  });

  test('colours are those of a diff', () => {
    const text = printReport(report({ changes: [change('create', 'R')] }), createPaint(true));
    assert.ok(text.includes('\x1b[32m   +\x1b[0m \x1b[32mR\x1b[0m'), JSON.stringify(text));
  });
});

describe('stacks (spec/definitions.md §1.1.4)', () => {
  const stack = {
    ...{ name: 'pets', id: 'arn', account: '000000000000', region: 'us-east-1' },
    ...{ state: 'CREATE_COMPLETE', source: 'template.yaml' },
    ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
  };
  const now = Date.parse('2026-01-03T01:00:00Z');

  test('nested ones stand below the one that they are part of', () => {
    const nested = { ...stack, name: 'pets-Auth-012345678901', parent: 'pets' };
    assert.equal(
      printStacks([nested, stack, { ...stack, name: 'shop', updatedAt: '2026-01-03T00:59:00Z' }], now, paint),
      `pets                      CREATE_COMPLETE  template.yaml  2 d ago
  pets-Auth-012345678901  CREATE_COMPLETE  template.yaml  2 d ago
shop                      CREATE_COMPLETE  template.yaml  1 min ago
`,
    );
  });

  test('none', () => assert.match(printStacks([], now, paint), /^No stacks: /));

  test('one has its resources, outputs and what was said of it', () => {
    const resources = [{ logicalId: 'Api', type: API, physicalId: 'a1b2c3d4e5' }];
    const last = report({ findings: [finding('note', 'n')] });
    assert.equal(
      printStack({ ...stack, resources, outputs: { Url: { value: 'http://a/' } }, report: last }, paint),
      `pets  template.yaml  →  000000000000 us-east-1  CREATE_COMPLETE

  Api  AWS::ApiGatewayV2::Api  a1b2c3d4e5

note     n

  Url  http://a/
`,
    );
  });
});
