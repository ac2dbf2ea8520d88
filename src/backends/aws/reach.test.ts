// Nothing leaves this machine unless asked (docs/guide/aws-services.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AskedServices, configuredEndpoint, createReach } from './reach.ts';

const rows: readonly (readonly [
  service: string,
  asked: AskedServices,
  environment: Readonly<Record<string, string>>,
  isCalled: boolean,
])[] = [
  ['sqs', new Set(), {}, false],
  ['sqs', new Set(), { AWS_ACCESS_KEY_ID: 'laptop', AWS_PROFILE: 'work', AWS_REGION: 'eu-west-1' }, false],
  ['sqs', new Set(['SQS']), {}, true],
  ['sqs', new Set(['SNS']), {}, false],
  ['sqs', 'all', {}, true],
  ['sqs', new Set(), { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' }, true],
  ['sqs', new Set(), { AWS_ENDPOINT_URL_SNS: 'http://127.0.0.1:1' }, false],
  ['sqs', new Set(), { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, true],
  ['sqs', new Set(), { AWS_ENDPOINT_URL: '' }, false],
  [
    'sqs',
    new Set(),
    { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    false,
  ],
  ['states', new Set(), { AWS_ENDPOINT_URL_SFN: 'http://127.0.0.1:1' }, true],
  ['sfn', new Set(['SFN']), {}, true],
  ['states', new Set(['SFN']), {}, true],
  ['cognito-idp', new Set(), { AWS_ENDPOINT_URL_COGNITO_IDP: 'http://127.0.0.1:1' }, true],
];

for (const [service, asked, environment, isCalled] of rows) {
  const words = asked === 'all' ? 'all' : [...asked].join() || 'nothing';
  test(`${service}, asked for ${words}, ${JSON.stringify(environment)}: ${isCalled ? '' : 'not '}called`, () => {
    assert.equal(createReach(asked, environment).refusal(service) === undefined, isCalled);
  });
}

test('the refusal says what to set', () => {
  assert.equal(
    createReach(new Set(), {}).refusal('states'),
    'The AWS service sfn is not called, since nobody asked for it: set AWS_ENDPOINT_URL_SFN where an emulator answers, or aws: sfn (--aws sfn) for AWS itself',
  );
});

test('the gateway is no emulator of other services', () => {
  const environment = {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4700',
    AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9324',
  };
  const reach = createReach(new Set(), environment, (endpoint) => endpoint.endsWith(':4700'));
  assert.equal(reach.refusal('sqs'), undefined);
  assert.match(reach.refusal('sfn') ?? '', /since http:\/\/127\.0\.0\.1:4700 is this gateway itself: set/);
});

test('an endpoint has no slash at its end', () => {
  assert.equal(configuredEndpoint('s3', { AWS_ENDPOINT_URL: 'http://a/' }), 'http://a');
});
