// CloudWatch Logs and Firehose, as access logs are put there.

import {
  AwsJson1_1Protocol,
  BYTES,
  list,
  NUMBER,
  operation,
  type Service,
  structure,
  TEXT,
} from '../aws/client/service.ts';

export const LOGS: Service = {
  serviceId: 'CloudWatch Logs',
  name: 'logs',
  protocol: AwsJson1_1Protocol,
  version: '2014-03-28',
  target: 'Logs_20140328',
  govCloud: (_region, isFips, isDualStack) => isFips && isDualStack,
};

interface LogStream {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export const CreateLogStream = operation<LogStream>(
  LOGS,
  'CreateLogStream',
  structure({ logGroupName: TEXT, logStreamName: TEXT }),
);

interface PutLogEventsInput extends LogStream {
  readonly logEvents: readonly { readonly timestamp: number; readonly message: string }[];
}

export const PutLogEvents = operation<PutLogEventsInput>(
  LOGS,
  'PutLogEvents',
  structure({
    logGroupName: TEXT,
    logStreamName: TEXT,
    logEvents: list(structure({ timestamp: NUMBER, message: TEXT })),
  }),
);

export const FIREHOSE: Service = {
  serviceId: 'Firehose',
  name: 'firehose',
  protocol: AwsJson1_1Protocol,
  version: '2015-08-04',
  target: 'Firehose_20150804',
};

interface PutRecordBatchInput {
  readonly DeliveryStreamName: string;
  readonly Records: readonly { readonly Data: Uint8Array }[];
}

interface PutRecordBatchOutput {
  readonly FailedPutCount?: number;
  readonly RequestResponses?: readonly { readonly ErrorCode?: string }[];
}

export const PutRecordBatch = operation<PutRecordBatchInput, PutRecordBatchOutput>(
  FIREHOSE,
  'PutRecordBatch',
  structure({ DeliveryStreamName: TEXT, Records: list(structure({ Data: BYTES })) }),
  structure({ FailedPutCount: NUMBER, RequestResponses: list(structure({ ErrorCode: TEXT })) }),
);
