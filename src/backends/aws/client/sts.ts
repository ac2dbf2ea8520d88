// AWS STS, for AssumeRole.

import { AwsQueryProtocol, operation, type Service, structure, TEXT, TIME } from './service.ts';

export const STS: Service = {
  serviceId: 'STS',
  name: 'sts',
  protocol: AwsQueryProtocol,
  version: '2011-06-15',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  govCloud: (_region, isFips, isDualStack) => isFips && isDualStack,
};

interface AssumeRoleOutput {
  readonly Credentials?: {
    readonly AccessKeyId?: string;
    readonly SecretAccessKey?: string;
    readonly SessionToken?: string;
    readonly Expiration?: Date;
  };
}

export const AssumeRole = operation<{ RoleArn: string; RoleSessionName: string }, AssumeRoleOutput>(
  STS,
  'AssumeRole',
  structure({ RoleArn: TEXT, RoleSessionName: TEXT }),
  structure({
    Credentials: structure({
      AccessKeyId: TEXT,
      SecretAccessKey: TEXT,
      SessionToken: TEXT,
      Expiration: TIME,
    }),
  }),
);
