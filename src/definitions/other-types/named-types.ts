// Types that are names and ids here: roles, logs, networks, certificates, parameters.
import { type Effect, NONE, NOT_KNOWN, type OtherTypes, REF, type Value } from './other-type.ts';
import type { Subject } from './subject.ts';

const NAMED: Effect = { kind: 'named' };

/** A property as the template gives it. */
const given =
  (property: string): Value =>
  (of) =>
    of.resource.evaluated(property);

const iamArn = (of: Subject, kind: string, name: string): string =>
  of.arn('iam', `${kind}${of.text('Path') ?? '/'}${name}`, { region: '' });

/** `vpc-0` and sixteen hexadecimal digits, as newer ids are. */
const ec2Id = (prefix: string) => (of: Subject) => `${prefix}-0${of.hex(16)}`;

export const NAMED_TYPES: OtherTypes = {
  'AWS::IAM::Role': {
    ref: (of) => of.name('RoleName', 64),
    attributes: {
      Arn: (of, ref) => (ref.startsWith('arn:') ? ref : iamArn(of, 'role', ref)),
      RoleId: (of) => `AROA${of.hash(17).toUpperCase()}`,
    },
    effect: NONE,
  },
  'AWS::IAM::Policy': { ref: (of) => of.name('PolicyName', 128), attributes: { Id: REF }, effect: NONE },
  'AWS::IAM::ManagedPolicy': {
    ref: (of) => iamArn(of, 'policy', of.name('ManagedPolicyName', 128)),
    attributes: {
      PolicyArn: REF,
      PolicyId: (of) => `ANPA${of.hash(17).toUpperCase()}`,
      IsAttachable: NOT_KNOWN,
      UpdateDate: NOT_KNOWN,
      PermissionsBoundaryUsageCount: NOT_KNOWN,
      AttachmentCount: NOT_KNOWN,
      DefaultVersionId: NOT_KNOWN,
      CreateDate: NOT_KNOWN,
    },
    effect: NONE,
  },
  'AWS::Logs::LogGroup': {
    ref: (of) => of.name('LogGroupName', 512),
    attributes: { Arn: (of, ref) => `${of.arn('logs', `log-group:${ref}`)}:*` },
    effect: NAMED,
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    ref: (of) => of.name('DeliveryStreamName', 64),
    attributes: { Arn: (of, ref) => of.arn('firehose', `deliverystream/${ref}`) },
    effect: NAMED,
  },
  'AWS::CertificateManager::Certificate': {
    ref: (of) => of.arn('acm', `certificate/${of.uuid}`),
    attributes: { CertificateArn: REF },
    effect: NAMED,
  },
  'AWS::Route53::RecordSet': {
    ref: (of) => of.name('Name', 1_024),
    attributes: {},
    effect: { kind: 'none', why: 'the names of DNS records must lead to this gateway' },
  },
  'AWS::Route53::RecordSetGroup': {
    ref: (of) => of.physicalName(128),
    attributes: { Id: REF },
    effect: NONE,
  },
  'AWS::Route53::HostedZone': {
    ref: (of) => `Z${of.hash(20).toUpperCase()}`,
    attributes: { Id: REF, NameServers: NOT_KNOWN },
    effect: NONE,
  },
  'AWS::EC2::VPC': {
    ref: ec2Id('vpc'),
    attributes: {
      VpcId: REF,
      CidrBlock: given('CidrBlock'),
      CidrBlockAssociations: NOT_KNOWN,
      DefaultNetworkAcl: NOT_KNOWN,
      DefaultSecurityGroup: NOT_KNOWN,
      Ipv6CidrBlocks: NOT_KNOWN,
    },
    effect: NONE,
  },
  'AWS::EC2::Subnet': {
    ref: ec2Id('subnet'),
    attributes: {
      SubnetId: REF,
      VpcId: given('VpcId'),
      CidrBlock: given('CidrBlock'),
      AvailabilityZone: (of) => of.text('AvailabilityZone') ?? `${of.region}a`,
      AvailabilityZoneId: NOT_KNOWN,
      BlockPublicAccessStates: NOT_KNOWN,
      Ipv6CidrBlocks: NOT_KNOWN,
      NetworkAclAssociationId: NOT_KNOWN,
      OutpostArn: NOT_KNOWN,
    },
    effect: NONE,
  },
  'AWS::EC2::SecurityGroup': {
    ref: ec2Id('sg'),
    attributes: { GroupId: REF, Id: REF, VpcId: given('VpcId') },
    effect: NONE,
  },
  'AWS::SSM::Parameter': {
    ref: (of) => of.name('Name', 1_011),
    attributes: {
      Value: given('Value'),
      Type: given('Type'),
      Arn: (of, ref) => of.arn('ssm', `parameter${ref.startsWith('/') ? '' : '/'}${ref}`),
    },
    effect: NAMED,
  },
  'AWS::SecretsManager::Secret': {
    ref: (of) => of.arn('secretsmanager', `secret:${of.name('Name', 512)}-${of.letters(6)}`),
    attributes: { Id: REF },
    effect: NAMED,
  },
  'AWS::KMS::Key': {
    ref: (of) => of.uuid,
    attributes: {
      KeyId: REF,
      Arn: (of, ref) => (ref.startsWith('arn:') ? ref : of.arn('kms', `key/${ref}`)),
    },
    effect: NONE,
  },
  'AWS::ApiGateway::Account': { ref: (of) => of.physicalName(128), attributes: { Id: REF }, effect: NONE },
  ...Object.fromEntries(
    ['ApiKey', 'UsagePlan', 'UsagePlanKey'].map((type) => [
      `AWS::ApiGateway::${type}`,
      {
        ref: (of: Subject) => of.hash(10),
        attributes: NOT_KNOWN,
        effect: { kind: 'none', why: 'keys of WebSocket APIs are those of apiKeys of postern.yaml' } as const,
      },
    ]),
  ),
  'AWS::WAFv2::WebACLAssociation': {
    ref: (of) => of.physicalName(128),
    attributes: {},
    effect: { kind: 'warning', when: 'always', text: 'nothing is filtered here' },
  },
  'AWS::CloudFormation::WaitConditionHandle': {
    ref: (of) => of.physicalName(128),
    attributes: { Id: REF },
    effect: NONE,
  },
  'AWS::CloudFormation::WaitCondition': {
    ref: (of) => of.physicalName(128),
    attributes: { Id: REF, Data: NOT_KNOWN },
    effect: NONE,
  },
  'AWS::CDK::Metadata': { ref: (of) => of.physicalName(128), attributes: {}, effect: NONE },
};
