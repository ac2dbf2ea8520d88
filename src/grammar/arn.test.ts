import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import {
  isFunctionUri,
  parseArn,
  parseCertificateArn,
  parseCredentialsArn,
  parseFunctionUri,
  parsePrivateTarget,
  parseServiceUri,
  printArn,
  printCredentialsArn,
  printFunctionUri,
  printPrivateTarget,
  printServiceUri,
} from './arn.ts';
import { GrammarError } from './grammar-error.ts';

const PLACE = { partition: 'aws', region: 'us-east-1', account: '123456789012' };
const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:my-function';
const INVOCATION = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const LISTENER = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/my-lb/50dc6c49/f2f7dc8e';
const SERVICE = 'arn:aws:servicediscovery:us-east-1:123456789012:service/srv-id';
const functionArn = { ...PLACE, name: 'my-function', qualifier: undefined };
const listener = {
  ...{ kind: 'listener', ...PLACE, loadBalancerType: 'app', loadBalancerName: 'my-lb' },
  ...{ loadBalancerId: '50dc6c49', listenerId: 'f2f7dc8e' },
};
const service = { kind: 'cloudMapService', ...PLACE, serviceId: 'srv-id', query: undefined };

const arns: readonly [source: string, parse: (text: string) => object, text: string, tree: object][] = [
  [
    '§1.8',
    parseArn,
    'arn:aws:s3:::bucket/a:b',
    { partition: 'aws', service: 's3', region: '', account: '', resource: 'bucket/a:b' },
  ],
  ['§2.3.2', parseFunctionUri, FUNCTION, { form: 'function', function: functionArn }],
  [
    '§2.3.2',
    parseFunctionUri,
    `${FUNCTION}:live`,
    { form: 'function', function: { ...functionArn, qualifier: 'live' } },
  ],
  [
    '§2.3.2',
    parseFunctionUri,
    `${FUNCTION}:$LATEST`,
    { form: 'function', function: { ...functionArn, qualifier: '$LATEST' } },
  ],
  [
    '§2.3.2',
    parseFunctionUri,
    INVOCATION,
    { form: 'invocation', partition: 'aws', region: 'us-east-1', function: functionArn },
  ],
  [
    '§2.3.2',
    parseFunctionUri,
    FUNCTION.replace('aws', 'aws-us-gov'),
    { form: 'function', function: { ...functionArn, partition: 'aws-us-gov' } },
  ],
  [
    '§2.3.3',
    parseServiceUri,
    'arn:aws:apigateway:us-east-1:sqs:path/123456789012/q',
    { partition: 'aws', region: 'us-east-1', service: 'sqs', target: 'path/123456789012/q' },
  ],
  [
    '§2.3.3',
    parseServiceUri,
    'arn:aws:apigateway:us-east-1:b.s3:action/GetObject&k=v',
    { partition: 'aws', region: 'us-east-1', service: 'b.s3', target: 'action/GetObject&k=v' },
  ],
  ['http-api §3.5', parsePrivateTarget, LISTENER, listener],
  [
    'http-api §3.5',
    parsePrivateTarget,
    LISTENER.replace('/app/', '/net/'),
    { ...listener, loadBalancerType: 'net' },
  ],
  ['http-api §3.5', parsePrivateTarget, SERVICE, service],
  [
    'http-api §3.5',
    parsePrivateTarget,
    `${SERVICE}?stage=prod&deployment=green_deployment`,
    { ...service, query: 'stage=prod&deployment=green_deployment' },
  ],
  ['http-api §3.1', parseCredentialsArn, 'arn:aws:iam::*:user/*', { kind: 'caller', partition: 'aws' }],
  [
    'http-api §3.1',
    parseCredentialsArn,
    'arn:aws:iam::123456789012:role/service-role/r',
    { kind: 'role', partition: 'aws', account: '123456789012', role: 'service-role/r' },
  ],
];
for (const [source, parse, text, tree] of arns) {
  test(`${source}: ${parse.name} takes ${text}`, () => assert.deepEqual(parse(text), tree));
}

const INVALID = 'Invalid ARN specified in the request';
const NO_FUNCTION = 'Invalid function ARN or invalid uri';
const NO_PATH = 'AWS ARN for integration must contain path or action';
const NO_TARGET =
  'For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN.';
const refused: readonly [parse: (text: string) => object, text: string, message: string][] = [
  [parseArn, '', INVALID],
  [parseArn, 'arn:aws:s3', INVALID],
  [parseArn, 'arn:other:s3:::b', INVALID],
  [parseArn, 'arn:aws:s3:::', INVALID],
  [parseFunctionUri, '', NO_FUNCTION],
  [parseFunctionUri, 'my-function', NO_FUNCTION],
  [parseFunctionUri, 'https://ex.com', NO_FUNCTION],
  [parseFunctionUri, `${FUNCTION}:`, NO_FUNCTION],
  [parseFunctionUri, `${FUNCTION}:a:b`, NO_FUNCTION],
  [parseFunctionUri, FUNCTION.replace('123456789012', '123'), NO_FUNCTION],
  [parseFunctionUri, FUNCTION.replace('us-east-1', ''), NO_FUNCTION],
  [parseFunctionUri, INVOCATION.replace('/invocations', ''), NO_FUNCTION],
  [parseFunctionUri, INVOCATION.replace('2015-03-31', '2014-11-13'), NO_FUNCTION],
  [parseFunctionUri, INVOCATION.replace(':lambda:path', ':sqs:path'), NO_FUNCTION],
  [parseFunctionUri, `${FUNCTION}\n`, NO_FUNCTION],
  [parseServiceUri, 'https://ex.com', INVALID],
  [parseServiceUri, FUNCTION, NO_PATH],
  [parseServiceUri, 'arn:aws:apigateway:us-east-1:sqs:other/q', NO_PATH],
  [parseServiceUri, 'arn:aws:apigateway:us-east-1:sqs:path/', NO_PATH],
  [parsePrivateTarget, 'http://ex.com', NO_TARGET],
  [parsePrivateTarget, LISTENER.replace('/app/', '/gwy/'), NO_TARGET],
  [parsePrivateTarget, LISTENER.replace('listener/', 'loadbalancer/'), NO_TARGET],
  [parsePrivateTarget, `${LISTENER}/x`, NO_TARGET],
  [parsePrivateTarget, SERVICE.replace('srv-id', ''), NO_TARGET],
  [parsePrivateTarget, SERVICE.replace('service/', 'namespace/'), NO_TARGET],
  [parseCredentialsArn, '', INVALID],
  [parseCredentialsArn, 'arn:aws:iam::123456789012:user/u', INVALID],
  [parseCredentialsArn, 'arn:aws:iam::123456789012:role/', INVALID],
  [parseCredentialsArn, 'arn:aws:iam::*:role/r', INVALID],
  [parseCredentialsArn, 'arn:aws:iam:us-east-1:123456789012:role/r', INVALID],
];
for (const [parse, text, message] of refused) {
  test(`management-api §2.3.2: ${parse.name} refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parse(text), { constructor: GrammarError, message });
  });
}

const roundTrips: readonly [name: string, roundTrip: (text: string) => string][] = [
  ['an ARN', (text) => printArn(parseArn(text))],
  ['a function URI', (text) => printFunctionUri(parseFunctionUri(text))],
  ['a service URI', (text) => printServiceUri(parseServiceUri(text))],
  ['a private target', (text) => printPrivateTarget(parsePrivateTarget(text))],
  ['credentials', (text) => printCredentialsArn(parseCredentialsArn(text))],
];
const samples = [...arns.map(([, , text]) => text), ...refused.map(([, text]) => text)];
const pieces = [...new Set(samples.flatMap((text) => text.split(/(?<=[:/])/)))];
const mutilated = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.nat(120),
    fc.nat(3),
    fc.constantFrom('', ':', '/', '?', 'a', '9', '*', '\n', 'ä'),
  )
  .map(([text, at, cut, insert]) => text.slice(0, at) + insert + text.slice(at + cut));
const text = fc.oneof(
  fc.constantFrom(...samples),
  mutilated,
  fc.array(fc.constantFrom(...pieces)).map((chosen) => chosen.join('')),
  fc.string({ unit: 'binary' }),
);
for (const [name, roundTrip] of roundTrips) {
  test(`any text is ${name} that prints as it is, or refused`, () => {
    fc.assert(
      fc.property(text, (given) => {
        let printed: string;
        try {
          printed = roundTrip(given);
        } catch (error) {
          assert.ok(error instanceof GrammarError);
          return;
        }
        assert.equal(printed, given);
      }),
      { numRuns: NUM_RUNS },
    );
  });
}

const FUNCTION_URIS: readonly (readonly [uri: string, isFunction: boolean])[] = [
  [FUNCTION, true],
  [`${FUNCTION}:live`, true],
  ['arn:aws-cn:lambda:cn-north-1:123456789012:function:${stageVariables.fn}', true],
  ['arn:aws:lambda:${stageVariables.region}:${stageVariables.account}:function:a', true],
  [INVOCATION, true],
  ['arn:aws:lambda:us-east-1:123456789012:layer:x:1', false],
  ['arn:aws:apigateway:us-east-1:sqs:path/123456789012/:lambda:path/2015-03-31/functions/', false],
  ['arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/layers/x', false],
  ['https://example.com/arn:aws:lambda:us-east-1:123456789012:function:a', false],
  ['${stageVariables.uri}', false],
];

test('how URIs of functions are written (management-api §2.3.3)', () => {
  for (const [uri, isFunction] of FUNCTION_URIS) assert.equal(isFunctionUri(uri), isFunction, uri);
});

const CERTIFICATES: readonly (readonly [arn: string, region: string | undefined])[] = [
  ['arn:aws:acm:eu-west-1:123456789012:certificate/shop', 'eu-west-1'],
  ['arn:aws-cn:acm:cn-north-1:123456789012:certificate/0a1b', 'cn-north-1'],
  ['arn:aws:acm::123456789012:certificate/shop', undefined],
  ['arn:aws:acm:eu-west-1:1234:certificate/shop', undefined],
  ['arn:aws:acm:eu-west-1:123456789012:certificate/shop/1', undefined],
  ['arn:aws:acm:eu-west-1:123456789012:certificate/', undefined],
  ['arn:aws:acm:eu-west-1:123456789012:certificate/a b', undefined],
  ['arn:aws:iam:eu-west-1:123456789012:certificate/shop', undefined],
];

test('ARNs of certificates, and where they are', () => {
  for (const [arn, region] of CERTIFICATES) assert.equal(parseCertificateArn(arn)?.region, region, arn);
});
