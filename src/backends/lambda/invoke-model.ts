// Lambda's Invoke API, as it is called.
import type { MetadataBearer } from '@smithy/types';
import {
  AwsRestJsonProtocol,
  BODY,
  http,
  IN_PATH,
  inHeader,
  inQuery,
  operation,
  type Service,
  structure,
} from '../aws/client/service.ts';
import type { Invocation } from '../lambda-function.ts';

export const LAMBDA: Service = {
  serviceId: 'Lambda',
  name: 'lambda',
  protocol: AwsRestJsonProtocol,
  version: '2015-03-31',
};

interface InvokeInput {
  readonly FunctionName: string;
  readonly InvocationType: Invocation['type'];
  readonly Qualifier?: string;
  readonly TraceId?: string;
  readonly Payload: Uint8Array;
}

export interface InvokeOutput extends MetadataBearer {
  readonly FunctionError?: string;
  /** The SDK says null where there is none. */
  readonly Payload?: Uint8Array | null;
}

export const Invoke = operation<InvokeInput, InvokeOutput>(
  LAMBDA,
  'Invoke',
  structure({
    FunctionName: IN_PATH,
    InvocationType: inHeader('X-Amz-Invocation-Type'),
    TraceId: inHeader('X-Amzn-Trace-Id'),
    Qualifier: inQuery('Qualifier'),
    Payload: BODY,
  }),
  structure({ FunctionError: inHeader('X-Amz-Function-Error'), Payload: BODY }),
  http('POST', '/2015-03-31/functions/{FunctionName}/invocations'),
);
