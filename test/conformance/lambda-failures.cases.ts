// Calls of functions that fail, and which function is called (spec/http-api.md §3.6.1, §3.6.7, Choices C14, C25).
import type { InvokeAnswer } from '../support/invoke-server.ts';
import {
  type CallCase,
  type CreationCase,
  FUNCTION,
  gatewayError,
  lambdaIntegration,
  request,
  type Setup,
  simple,
} from './case.ts';
import { V1, V2 } from './lambda-setups.ts';

const MAX_INVOKE_BYTES = 6_291_556;
const TEXT = 'Content-Type: text/plain; charset=utf-8';
const OK = { status: 200, headers: [TEXT], body: 'ok' };

const fails = (
  name: string,
  event: string,
  answer: InvokeAnswer,
  status: number,
  setup: Setup = V2,
): CallCase => ({
  name: `a function fails: ${name}`,
  statements: [`§3.6.7 event: ${event}`],
  setup,
  request: request('GET /f'),
  lambda: { answer },
  got: gatewayError(status),
});

const refused = (status: number, errorType: string): InvokeAnswer => ({
  status,
  errorType,
  payload: `{"Message":"${errorType} it is"}`,
});

const calls = (
  name: string,
  statements: readonly string[],
  uri: string,
  called: string,
  variables: Readonly<Record<string, string>> = {},
): CallCase => ({
  name: `which function: ${name}`,
  statements,
  setup: simple(lambdaIntegration('2.0', { IntegrationUri: uri }), '$default', {
    StageName: '$default',
    StageVariables: variables,
  }),
  request: request('GET /f'),
  lambda: { function: called },
  got: OK,
});

const neverCalls = (
  name: string,
  statements: readonly string[],
  integration: Parameters<typeof lambdaIntegration>[1],
): CallCase => ({
  name: `no function: ${name}`,
  statements,
  setup: simple(lambdaIntegration('2.0', integration)),
  request: request('GET /f'),
  lambda: { called: null },
  got: gatewayError(500),
});

const ACCOUNT = 'arn:aws:lambda:us-east-1:000000000000';

export const lambdaFailureCases: readonly CallCase[] = [
  fails(
    'it throws',
    'function error',
    { payload: '{"errorMessage":"no","errorType":"Error"}', functionError: 'Unhandled' },
    500,
  ),
  fails(
    'it throws, format 1.0',
    'function error',
    { payload: '{"statusCode":200}', functionError: 'Unhandled' },
    500,
    V1,
  ),
  fails(
    'its error looks like a response',
    'function error',
    { payload: '{"statusCode":200}', functionError: 'Unhandled' },
    500,
  ),
  fails(
    'its own time-out',
    'function error',
    { payload: '{"errorMessage":"Task timed out"}', functionError: 'Unhandled' },
    500,
  ),
  fails('nobody may call it', 'no permission', refused(403, 'AccessDeniedException'), 500),
  fails('the signature is refused', 'no permission', refused(403, 'UnrecognizedClientException'), 500),
  fails('it does not exist', 'no function', refused(404, 'ResourceNotFoundException'), 500),
  fails('throttled', 'throttled', refused(429, 'TooManyRequestsException'), 503),
  fails('Lambda fails', 'throttled', refused(500, 'ServiceException'), 503),
  fails('Lambda is not available', 'throttled', refused(503, 'ServiceUnavailable'), 503),
  fails('Lambda’s connection ends', 'throttled', 'end', 503),
  fails(
    'the request is too large for Lambda',
    'large request',
    refused(413, 'RequestTooLargeException'),
    413,
  ),
  fails(
    'integration time-out',
    'timeout',
    'silent',
    503,
    simple(lambdaIntegration('2.0', { TimeoutInMillis: 60 })),
  ),
  {
    name: 'a request over 6 MB',
    statements: ['§3.6.7 event: large request'],
    setup: V2,
    request: request('POST /f', ['Content-Type: text/plain'], 'x'.repeat(MAX_INVOKE_BYTES)),
    lambda: { called: null },
    got: gatewayError(413),
  },
  {
    name: 'a binary request that is over 6 MB as base64',
    statements: ['§3.6.7 event: large request'],
    setup: V2,
    request: request('POST /f', [], 'x'.repeat(4_800_000)),
    lambda: { called: null },
    got: gatewayError(413),
  },
  {
    name: 'an answer over 6 MB',
    statements: ['§3.6.7 event: large response'],
    setup: V2,
    request: request('GET /f'),
    lambda: { answer: { payload: `"${'x'.repeat(MAX_INVOKE_BYTES - 1)}"` } },
    got: gatewayError(500),
  },
  {
    name: 'an answer of 6 MB',
    statements: ['§3.6.7 event: large response'],
    setup: V2,
    request: request('GET /f'),
    lambda: { answer: { payload: `"${'x'.repeat(MAX_INVOKE_BYTES - 2)}"` } },
    got: { status: 200, headers: ['Content-Type: application/json'], body: 'x'.repeat(MAX_INVOKE_BYTES - 2) },
  },
  {
    name: 'a failed function’s 500 with CORS',
    statements: ['§3.6.7 event: function error'],
    setup: {
      ...simple(lambdaIntegration('2.0')),
      api: { CorsConfiguration: { AllowOrigins: ['https://app.example'] } },
    },
    request: request('GET /f', ['Origin: https://app.example']),
    lambda: { answer: { functionError: 'Unhandled' } },
    got: gatewayError(500, ['Access-Control-Allow-Origin: https://app.example']),
  },

  calls('by ARN', ['§3.6.1-1'], FUNCTION, FUNCTION),
  calls('by ARN with a version', ['§3.6.1-1'], `${FUNCTION}:7`, `${FUNCTION}:7`),
  calls('by ARN with an alias', ['§3.6.1-1'], `${FUNCTION}:live`, `${FUNCTION}:live`),
  calls(
    'by invocation URI',
    ['§3.6.1-1'],
    `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}:live/invocations`,
    `${FUNCTION}:live`,
  ),
  calls(
    'in another region and account',
    ['§3.6.1-1'],
    'arn:aws:lambda:eu-west-1:123456789012:function:far',
    'arn:aws:lambda:eu-west-1:123456789012:function:far',
  ),
  calls(
    'name by stage variable',
    ['§3.6.1-2', '§8-9'],
    `${ACCOUNT}:function:\${stageVariables.fn}`,
    `${ACCOUNT}:function:other`,
    { fn: 'other' },
  ),
  calls(
    'part of the name by stage variable',
    ['§3.6.1-2', '§8-9'],
    `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${ACCOUNT}:function:my-\${stageVariables.fn}/invocations`,
    `${ACCOUNT}:function:my-fn`,
    { fn: 'fn' },
  ),
  calls(
    'alias by stage variable',
    ['§3.6.1-2', '§8-9'],
    `${FUNCTION}:\${stageVariables.alias}`,
    `${FUNCTION}:blue`,
    { alias: 'blue' },
  ),
  neverCalls('a stage variable that is not there', ['§3.6.1-2'], {
    IntegrationUri: `${ACCOUNT}:function:\${stageVariables.nothing}`,
  }),
  neverCalls('a stage variable of CredentialsArn that is not there', ['§3.6.1-5'], {
    CredentialsArn: 'arn:aws:iam::000000000000:role/${stageVariables.nothing}',
  }),
  neverCalls('as the caller', ['§3.6.1-5'], { CredentialsArn: 'arn:aws:iam::*:user/*' }),
  {
    name: 'which function: with a role',
    statements: ['§3.6.1-5'],
    setup: simple(lambdaIntegration('2.0', { CredentialsArn: 'arn:aws:iam::000000000000:role/invoker' })),
    request: request('GET /f'),
    lambda: { function: FUNCTION },
    got: OK,
  },
];

export const lambdaCreationCases: readonly CreationCase[] = [
  {
    name: 'a function without PayloadFormatVersion',
    statements: ['§3.6.1-6'],
    creation: { create: 'integration', with: { IntegrationType: 'AWS_PROXY', IntegrationUri: FUNCTION } },
    refused: {
      name: 'BadRequestException',
      message: 'PayloadFormatVersion is a required parameter for integration',
    },
  },
];
