// `logDestinations:` and `throttling:` of the configuration file (docs/reference/settings.md).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LogTarget } from '../../backends/log-destinations/settings.ts';
import { parseConfig } from '../parse-config.test.support.ts';
import { UsageError } from '../usage-error.ts';

const GROUP = 'arn:aws:logs:eu-west-1:000000000000:log-group:shop/a';
const STREAM = 'arn:aws:firehose:eu-west-1:000000000000:deliverystream/amazon-apigateway-a';

const sections = (text: string) => parseConfig(text, 'postern.yaml', '/etc/postern').sections;

describe('where logs go', () => {
  const rows: [arn: string, written: string, target: LogTarget][] = [
    [GROUP, 'stdout', { kind: 'stdout' }],
    [`${GROUP}:*`, 'stdout', { kind: 'stdout' }],
    [GROUP, '{ file: logs/a.log }', { kind: 'file', path: '/etc/postern/logs/a.log' }],
    [GROUP, 'cloudwatch', { kind: 'cloudwatch', endpoint: undefined }],
    [GROUP, '{ cloudwatch: true, endpoint: "http://a:1" }', { kind: 'cloudwatch', endpoint: 'http://a:1' }],
    [GROUP, '{ firehose: s }', { kind: 'firehose', stream: 's', endpoint: undefined }],
    [STREAM, 'firehose', { kind: 'firehose', stream: 'amazon-apigateway-a', endpoint: undefined }],
  ];
  for (const [arn, written, target] of rows) {
    test(`${arn}: ${written}`, () => {
      const { logDestinations } = sections(`logDestinations:\n  ${arn}: ${written}\n`);
      assert.deepEqual(logDestinations, [{ arn: arn.replace(/:\*$/, ''), target }]);
    });
  }
});

describe('what is refused, with its place', () => {
  const rows: [text: string, message: RegExp][] = [
    [
      'logDestinations:\n  a: stdout\n',
      /^postern\.yaml:2:6: .* is named by no ARN of a log group or delivery stream/,
    ],
    [`logDestinations:\n  ${GROUP}: syslog\n`, /is one of stdout, cloudwatch, firehose, not "syslog"/],
    [
      `logDestinations:\n  ${GROUP}: { file: a, firehose: b }\n`,
      /needs exactly one of file, cloudwatch, firehose/,
    ],
    [`logDestinations:\n  ${GROUP}: { endpoint: "http://a" }\n`, /needs exactly one of/],
    [
      `logDestinations:\n  ${GROUP}: { file: a, endpoint: "http://a" }\n`,
      /has an endpoint, which a file has not/,
    ],
    [`logDestinations:\n  ${GROUP}: { cloudwatch: false }\n`, /is true, or not there/],
    [`logDestinations:\n  ${STREAM}: { cloudwatch: true }\n`, /is for ARNs of log groups/],
    [`logDestinations:\n  ${GROUP}: { file: "" }\n`, /\.file is a path, which cannot be empty/],
    [`logDestinations:\n  ${GROUP}: { firehose: "a b" }\n`, /\.firehose is the name of a delivery stream/],
    [
      `logDestinations:\n  ${GROUP}: { firehose: a, endpoint: "http://a?b" }\n`,
      /\.endpoint is an URL without \? and #, not "http:\/\/a\?b"/,
    ],
    ['throttling: { accountRateLimit: -1 }\n', /is a number from 0/],
    ['throttling: { accountBurstLimit: 1.5 }\n', /is a whole number/],
    ['throttling: { rateLimit: 5 }\n', /there is no setting "rateLimit" here/],
  ];
  for (const [text, message] of rows) {
    test(JSON.stringify(text), () =>
      assert.throws(
        () => sections(text),
        (error) => error instanceof UsageError && message.test(error.message),
      ),
    );
  }
});

describe('the limit of an account', () => {
  const rows: [written: string, expected: object | undefined][] = [
    ['', undefined],
    ['throttling: {}', undefined],
    ['throttling: { accountRateLimit: 5.5 }', { rateLimit: 5.5, burstLimit: 5_000 }],
    ['throttling: { accountBurstLimit: 0 }', { rateLimit: 10_000, burstLimit: 0 }],
  ];
  for (const [written, expected] of rows) {
    test(written || 'nothing', () => assert.deepEqual(sections(`${written}\n`).throttling, expected));
  }
});
