import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../parse-config.test.support.ts';
import { UsageError } from '../usage-error.ts';

const read = (text: string) => parseConfig(text, 'postern.yaml', '/etc').sections.apiKeys;
const VALUE = 'a-secret-of-twenty-characters';

test('apiKeys: keys with their stages and limits (docs/reference/settings.md)', () => {
  assert.deepEqual(read(''), []);
  const text = `apiKeys:
  - { id: open, value: ${VALUE} }
  - id: partner
    value: ${VALUE}-2
    enabled: false
    stages: [a1b2c3d4e5:prod, "*"]
    throttle: { rateLimit: 0.5, burstLimit: 2 }
    quota: { limit: 1000, period: WEEK }
`;
  assert.deepEqual(read(text), [
    { id: 'open', value: VALUE, isEnabled: true, stages: ['*'], throttle: undefined, quota: undefined },
    {
      id: 'partner',
      value: `${VALUE}-2`,
      isEnabled: false,
      stages: ['a1b2c3d4e5:prod', '*'],
      throttle: { rateLimit: 0.5, burstLimit: 2 },
      quota: { limit: 1_000, period: 'WEEK' },
    },
  ]);
});

const REFUSED: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ['no value', '[{ id: a }]', /apiKeys\[0\] needs id and value/],
  ['a short value', '[{ id: a, value: short }]', /has at least 20 characters/],
  ['a value twice', `[{ id: a, value: ${VALUE} }, { id: b, value: ${VALUE} }]`, /is there twice/],
  ['a stage alone', `[{ id: a, value: ${VALUE}, stages: [prod] }]`, /is API:STAGE/],
  [
    'half a throttle',
    `[{ id: a, value: ${VALUE}, throttle: { rateLimit: 1 } }]`,
    /throttle needs rateLimit and burstLimit/,
  ],
  [
    'another period',
    `[{ id: a, value: ${VALUE}, quota: { limit: 1, period: YEAR } }]`,
    /is one of DAY, WEEK, MONTH/,
  ],
  [
    'another word',
    `[{ id: a, value: ${VALUE}, stage: x }]`,
    /no setting "stage" here\. Did you mean stages\?/,
  ],
];

for (const [what, text, says] of REFUSED) {
  test(`apiKeys with ${what} is refused`, () => {
    assert.throws(
      () => read(`apiKeys: ${text}`),
      (error) => error instanceof UsageError && says.test(error.message),
    );
  });
}
