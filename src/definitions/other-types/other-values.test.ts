import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MapNode, type Node, textOf } from '../../tree/node.ts';
import { readText } from '../../tree/read-text.ts';
import { NotKnown } from '../scope.ts';
import type { StandIn } from '../stack-settings.ts';
import { hashOf, physicalName } from './names.ts';
import { otherValues } from './other-values.ts';

const PLACE = { account: '000000000000', region: 'us-east-1', stackName: 'pets' };

interface Given {
  readonly type: string;
  readonly properties?: string;
  readonly region?: string;
  readonly standIn?: Partial<Record<'ref', string>> & { readonly attributes?: Record<string, string> };
}

function valuesOf({ type, properties = '{}', region = PLACE.region, standIn }: Given) {
  const node = readText(properties) as MapNode;
  const isChina = region.startsWith('cn-');
  const said: StandIn | undefined = standIn && {
    ref: standIn.ref,
    attributes: new Map(Object.entries(standIn.attributes ?? {})),
  };
  return otherValues(
    {
      ...PLACE,
      region,
      logicalId: 'It',
      type,
      partition: isChina ? 'aws-cn' : 'aws',
      urlSuffix: isChina ? 'amazonaws.com.cn' : 'amazonaws.com',
      evaluated: (name): Node | undefined => node.members.get(name)?.value,
    },
    said,
  );
}

const NAME = 'pets-It-[0-9a-z]{12}';
const HERE = 'us-east-1:000000000000';

/** `Ref` where no attribute is named; `undefined`: the type has no such attribute; `?`: nobody knows. */
const ROWS: readonly (readonly [given: Given | string, attribute: string, value: string | undefined])[] = [
  ['AWS::Lambda::Function', 'Ref', NAME],
  ['AWS::Lambda::Function', 'Arn', `arn:aws:lambda:${HERE}:function:${NAME}`],
  [{ type: 'AWS::Lambda::Function', properties: '{FunctionName: f}' }, 'Ref', 'f'],
  [
    { type: 'AWS::Lambda::Function', properties: '{FunctionName: f}', region: 'cn-north-1' },
    'Arn',
    'arn:aws-cn:lambda:cn-north-1:000000000000:function:f',
  ],
  ['AWS::Lambda::Function', 'SnapStartResponse.ApplyOn', '?'],
  ['AWS::Lambda::Function', 'Url', undefined],
  [
    { type: 'AWS::Lambda::Alias', properties: '{FunctionName: f, Name: live}' },
    'Ref',
    `arn:aws:lambda:${HERE}:function:f:live`,
  ],
  [
    {
      type: 'AWS::Lambda::Alias',
      properties: `{FunctionName: "arn:aws:lambda:${HERE}:function:f:2", Name: live}`,
    },
    'AliasArn',
    `arn:aws:lambda:${HERE}:function:f:live`,
  ],
  [
    { type: 'AWS::Lambda::Version', properties: '{FunctionName: f}' },
    'Ref',
    `arn:aws:lambda:${HERE}:function:f:1`,
  ],
  [{ type: 'AWS::Lambda::Version', properties: '{FunctionName: f}' }, 'Version', '1'],
  [
    { type: 'AWS::Lambda::LayerVersion', properties: '{LayerName: l}' },
    'LayerVersionArn',
    `arn:aws:lambda:${HERE}:layer:l:1`,
  ],
  ['AWS::Lambda::Permission', 'Ref', NAME],
  [{ type: 'AWS::Lambda::Url', properties: '{TargetFunctionArn: f}' }, 'FunctionUrl', '?'],
  ['AWS::IAM::Role', 'Arn', `arn:aws:iam::000000000000:role/${NAME}`],
  [
    { type: 'AWS::IAM::Role', properties: '{RoleName: r, Path: /app/}' },
    'Arn',
    'arn:aws:iam::000000000000:role/app/r',
  ],
  ['AWS::IAM::Role', 'RoleId', 'AROA[0-9A-Z]{17}'],
  ['AWS::IAM::Policy', 'Ref', NAME],
  ['AWS::IAM::ManagedPolicy', 'Ref', `arn:aws:iam::000000000000:policy/${NAME}`],
  [
    { type: 'AWS::Logs::LogGroup', properties: '{LogGroupName: /a/b}' },
    'Arn',
    `arn:aws:logs:${HERE}:log-group:/a/b:[*]`,
  ],
  ['AWS::KinesisFirehose::DeliveryStream', 'Arn', `arn:aws:firehose:${HERE}:deliverystream/${NAME}`],
  ['AWS::SQS::Queue', 'Ref', `https://sqs[.]us-east-1[.]amazonaws[.]com/000000000000/${NAME}`],
  [{ type: 'AWS::SQS::Queue', properties: '{FifoQueue: true}' }, 'QueueName', `${NAME}[.]fifo`],
  [
    { type: 'AWS::SQS::Queue', properties: '{QueueName: q}', region: 'cn-north-1' },
    'QueueUrl',
    'https://sqs[.]cn-north-1[.]amazonaws[.]com[.]cn/000000000000/q',
  ],
  [
    { type: 'AWS::SQS::Queue', standIn: { ref: 'https://sqs.eu-west-1.amazonaws.com/123456789012/real' } },
    'Arn',
    'arn:aws:sqs:eu-west-1:123456789012:real',
  ],
  ['AWS::SNS::Topic', 'TopicName', NAME],
  [{ type: 'AWS::SNS::Topic', properties: '{TopicName: t}' }, 'Ref', `arn:aws:sns:${HERE}:t`],
  [{ type: 'AWS::DynamoDB::Table', properties: '{TableName: t}' }, 'Arn', `arn:aws:dynamodb:${HERE}:table/t`],
  [
    { type: 'AWS::DynamoDB::GlobalTable', properties: '{TableName: t}' },
    'StreamArn',
    `arn:aws:dynamodb:${HERE}:table/t/stream/.*`,
  ],
  ['AWS::DynamoDB::Table', 'TableId', '[0-9a-f-]{36}'],
  [{ type: 'AWS::Events::EventBus', properties: '{Name: b}' }, 'Arn', `arn:aws:events:${HERE}:event-bus/b`],
  [{ type: 'AWS::Kinesis::Stream', properties: '{Name: s}' }, 'Arn', `arn:aws:kinesis:${HERE}:stream/s`],
  [
    { type: 'AWS::StepFunctions::StateMachine', properties: '{StateMachineName: m}' },
    'Ref',
    `arn:aws:states:${HERE}:stateMachine:m`,
  ],
  ['AWS::AppConfig::Application', 'ApplicationId', '[0-9a-z]{7}'],
  ['AWS::S3::Bucket', 'Ref', 'pets-it-[0-9a-z]{12}'],
  [{ type: 'AWS::S3::Bucket', properties: '{BucketName: b}' }, 'Arn', 'arn:aws:s3:::b'],
  [
    { type: 'AWS::S3::Bucket', properties: '{BucketName: b}' },
    'RegionalDomainName',
    'b[.]s3[.]us-east-1[.]amazonaws[.]com',
  ],
  [
    { type: 'AWS::S3::Bucket', properties: '{BucketName: b}' },
    'WebsiteURL',
    'http://b[.]s3-website-us-east-1[.]amazonaws[.]com',
  ],
  [
    { type: 'AWS::S3::Bucket', properties: '{BucketName: b}', region: 'eu-central-1' },
    'WebsiteURL',
    'http://b[.]s3-website[.]eu-central-1[.]amazonaws[.]com',
  ],
  ['AWS::Cognito::UserPool', 'Ref', 'us-east-1_[0-9a-z]{9}'],
  [
    'AWS::Cognito::UserPool',
    'ProviderURL',
    'https://cognito-idp[.]us-east-1[.]amazonaws[.]com/us-east-1_[0-9a-z]{9}',
  ],
  [
    { type: 'AWS::Cognito::UserPool', standIn: { ref: 'eu-west-1_AbCdEfGhI' } },
    'ProviderName',
    'cognito-idp[.]eu-west-1[.]amazonaws[.]com/eu-west-1_AbCdEfGhI',
  ],
  [
    { type: 'AWS::Cognito::UserPool', standIn: { ref: 'eu-west-1_AbCdEfGhI' } },
    'Arn',
    'arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_AbCdEfGhI',
  ],
  ['AWS::Cognito::UserPoolClient', 'ClientId', '[0-9a-z]{26}'],
  ['AWS::Cognito::UserPoolClient', 'ClientSecret', '?'],
  [{ type: 'AWS::Cognito::UserPoolDomain', properties: '{Domain: d}' }, 'Ref', 'd'],
  [
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    'Ref',
    `arn:aws:elasticloadbalancing:${HERE}:loadbalancer/app/${NAME}/[0-9a-f]{16}`,
  ],
  [
    { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', properties: '{Name: l, Type: network}' },
    'LoadBalancerFullName',
    'net/l/[0-9a-f]{16}',
  ],
  [
    { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', properties: '{Name: l, Scheme: internal}' },
    'DNSName',
    'internal-l-[0-9]{10}[.]us-east-1[.]elb[.]amazonaws[.]com',
  ],
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'CanonicalHostedZoneID', '?'],
  [
    'AWS::ElasticLoadBalancingV2::Listener',
    'Ref',
    `arn:aws:elasticloadbalancing:${HERE}:listener/app/${NAME}/[0-9a-f]{16}/[0-9a-f]{16}`,
  ],
  [
    {
      type: 'AWS::ElasticLoadBalancingV2::Listener',
      properties: `{LoadBalancerArn: "arn:aws:elasticloadbalancing:${HERE}:loadbalancer/net/l/0123456789abcdef"}`,
    },
    'ListenerArn',
    `arn:aws:elasticloadbalancing:${HERE}:listener/net/l/0123456789abcdef/[0-9a-f]{16}`,
  ],
  [
    { type: 'AWS::ElasticLoadBalancingV2::TargetGroup', properties: '{Name: t}' },
    'TargetGroupFullName',
    'targetgroup/t/[0-9a-f]{16}',
  ],
  ['AWS::ServiceDiscovery::Service', 'Arn', `arn:aws:servicediscovery:${HERE}:service/srv-[0-9a-z]{16}`],
  ['AWS::ServiceDiscovery::PrivateDnsNamespace', 'Ref', 'ns-[0-9a-z]{16}'],
  [
    'AWS::CertificateManager::Certificate',
    'Ref',
    `arn:aws:acm:${HERE}:certificate/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`,
  ],
  [{ type: 'AWS::Route53::RecordSet', properties: '{Name: a.example.com}' }, 'Ref', 'a.example.com'],
  ['AWS::EC2::VPC', 'VpcId', 'vpc-0[0-9a-f]{16}'],
  ['AWS::EC2::VPC', 'CidrBlock', '?'],
  [{ type: 'AWS::EC2::Subnet', properties: '{CidrBlock: 10.0.0.0/24}' }, 'CidrBlock', '10.0.0.0/24'],
  ['AWS::EC2::Subnet', 'AvailabilityZone', 'us-east-1a'],
  ['AWS::EC2::SecurityGroup', 'GroupId', 'sg-0[0-9a-f]{16}'],
  [{ type: 'AWS::SSM::Parameter', properties: '{Name: /a, Value: 1.10, Type: String}' }, 'Value', '1.10'],
  [
    { type: 'AWS::SecretsManager::Secret', properties: '{Name: s}' },
    'Ref',
    `arn:aws:secretsmanager:${HERE}:secret:s-[A-Za-z]{6}`,
  ],
  ['AWS::KMS::Key', 'Arn', `arn:aws:kms:${HERE}:key/[0-9a-f-]{36}`],
  ['AWS::ApiGateway::RestApi', 'Ref', NAME],
  ['AWS::ApiGateway::RestApi', 'RootResourceId', '?'],
  ['AWS::CloudFormation::WaitCondition', 'Data', '?'],
  ['Custom::Thing', 'Anything', '?'],
  ['AWS::Foo::Bar', 'Ref', NAME],
  ['AWS::Foo::Bar', 'Url', '?'],
  ['AWS::Foo::Bar', '__proto__', '?'],
  ['AWS::SQS::Queue', '__proto__', undefined],
  [{ type: 'AWS::Foo::Bar', standIn: { attributes: { Url: 'http://x' } } }, 'Url', 'http://x'],
];

test('Ref and attributes of other types (spec/definitions.md §6.2, §6.4, §6.5.2)', () => {
  for (const [given, attribute, value] of ROWS) {
    const of = valuesOf(typeof given === 'string' ? { type: given } : given);
    const what = `${of.type} ${attribute}`;
    const get = () => (attribute === 'Ref' ? of.ref() : of.attribute(attribute));
    if (value === '?') {
      assert.throws(get, (error) => error instanceof NotKnown && error.what === `It.${attribute}`, what);
      continue;
    }
    const found = get();
    const text = typeof found === 'object' ? textOf(found) : found;
    if (value === undefined) assert.equal(text, undefined, what);
    else assert.match(text ?? '', new RegExp(`^${value}$`), what);
  }
});

test('a name has its hash whole, whatever the limit, and is the same everywhere (spec/definitions.md §6.1.1)', () => {
  const long = { ...PLACE, stackName: 's'.repeat(128), logicalId: 'L'.repeat(255) };
  for (const limit of [32, 63, 64, 128]) {
    assert.match(physicalName(long, limit), new RegExp(`^s+-L+-${hashOf(long, 12)}$`));
    assert.equal(physicalName(long, limit).length, limit);
  }
  const short = { ...PLACE, logicalId: 'Fn' };
  assert.equal(physicalName(short, 64), `pets-Fn-${hashOf(short, 12)}`);
  assert.equal(
    physicalName({ ...long, logicalId: 'Fn' }, 64),
    `${'s'.repeat(48)}-Fn-${hashOf({ ...long, logicalId: 'Fn' }, 12)}`,
  );
});

test('hashes differ by account, region, stack, logical id and replacement (spec/definitions.md §6.1)', () => {
  const it = { ...PLACE, logicalId: 'It' };
  const hashes = [
    it,
    { ...it, account: '123456789012' },
    { ...it, region: 'eu-west-1' },
    { ...it, stackName: 'pet' },
    { ...it, logicalId: 'sIt' },
    { ...it, counter: 1 },
    { ...it, counter: 2 },
  ].map((named) => hashOf(named, 10));
  assert.equal(new Set(hashes).size, hashes.length);
  assert.equal(hashOf({ ...it, counter: 0 }, 10), hashes[0]);
});
