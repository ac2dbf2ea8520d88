import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../parse-config.test.support.ts';
import { UsageError } from '../usage-error.ts';

const LISTENER = 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/shop/1/2';
const SERVICE = 'arn:aws:servicediscovery:eu-west-1:000000000000:service/srv-1';

const read = (target: string, arn = LISTENER) =>
  parseConfig(`privateTargets:\n  ${arn}: ${target}\n`, 'postern.yaml', '/etc').sections.privateTargets[0];

const refused: readonly [what: string, target: string, says: RegExp, arn?: string][] = [
  [
    'an ARN of something else',
    '{ srv: a }',
    /:2:\d+: .* is named by no ARN of a load balancer/,
    'arn:aws:s3:::bucket',
  ],
  ['nothing', '{ refreshSeconds: 1 }', /needs exactly one of targets, dns, srv, cloudMap/],
  ['two sources', '{ srv: a, dns: b:1 }', /needs exactly one of targets, dns, srv, cloudMap/],
  ['a target without port', '{ targets: [10.0.0.1] }', /\.targets\[0\] is HOST:PORT/],
  ['a target without address', '{ targets: [{ weight: 1 }] }', /needs address/],
  [
    'a negative weight',
    '{ targets: [{ address: "a:1", weight: -1 }] }',
    /weight is a number from 0 to 65535/,
  ],
  ['targets that are no list', '{ targets: 10.0.0.1:80 }', /targets is a list/],
  ['Cloud Map for a listener', '{ cloudMap: true }', /is for ARNs of Cloud Map services/],
  ['Cloud Map turned off', '{ cloudMap: false }', /cloudMap is true, or not there/, SERVICE],
  ['a word that is not known', '{ srvs: a }', /no setting "srvs" here\. Did you mean srv\?/],
  ['a name server by name', '{ srv: a, nameServer: "dns.internal:53" }', /nameServer is an IP address/],
  ['a name server that is a port', '{ srv: a, nameServer: 53 }', /nameServer is an IP address/],
  [
    'a health check of the air',
    '{ srv: a, healthCheck: { path: health } }',
    /healthCheck\.path is a path that begins with \//,
  ],
  [
    'a protocol',
    '{ srv: a, healthCheck: { protocol: udp } }',
    /protocol is one of http, https, tcp, not "udp"/,
  ],
];

describe('privateTargets (docs/reference/settings.md)', () => {
  for (const [what, target, says, arn] of refused) {
    test(`${what} is refused`, () => {
      assert.throws(
        () => read(target, arn),
        (error) => error instanceof UsageError && says.test(error.message),
      );
    });
  }

  test('targets, with weights and attributes', () => {
    assert.deepEqual(
      read('{ targets: ["10.0.0.5:80", { address: "[::1]:81", weight: 3, attributes: { stage: 1 } }] }')
        ?.source,
      {
        kind: 'static',
        targets: [
          { host: '10.0.0.5', port: 80, weight: 1, attributes: new Map() },
          { host: '::1', port: 81, weight: 3, attributes: new Map([['stage', '1']]) },
        ],
      },
    );
  });

  test('DNS, with a name server', () => {
    const lookup = { server: '127.0.0.1:8600', refreshMillis: 5_000 };
    const more = 'nameServer: "127.0.0.1:8600", refreshSeconds: 5';
    assert.deepEqual(read(`{ dns: "a.internal:80", ${more} }`)?.source, {
      kind: 'addresses',
      ...{ name: 'a.internal', port: 80, lookup },
    });
    assert.deepEqual(read(`{ srv: _http._tcp.a, ${more} }`)?.source, {
      kind: 'services',
      ...{ name: '_http._tcp.a', lookup },
    });
  });

  test('Cloud Map, and a health check with its defaults', () => {
    assert.deepEqual(read('{ cloudMap: true, healthCheck: { path: /up } }', SERVICE), {
      arn: SERVICE,
      source: { kind: 'cloudMap', refreshMillis: 10_000 },
      healthCheck: {
        protocol: 'http',
        path: '/up',
        intervalMillis: 10_000,
        timeoutMillis: 5_000,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
    });
  });
});
