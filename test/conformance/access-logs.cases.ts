// What formats of access logs the management API takes: spec/http-api.md §9.1. What is written stands in
// test/end-to-end/http/access-logs.test.ts.
import type { CreationCase } from './case.ts';

const DestinationArn = 'arn:aws:logs:us-east-1:000000000000:log-group:shop';

const format = (name: string, Format: string, refused?: string): CreationCase => ({
  name: `a log format ${name} is ${refused === undefined ? 'taken' : 'refused'}`,
  statements: ['§9.1-2'],
  creation: { create: 'stage', with: { StageName: 'prod', AccessLogSettings: { DestinationArn, Format } } },
  ...(refused === undefined ? {} : { refused: { name: 'BadRequestException', message: refused } }),
});

const NO_ID = 'Access Log format must include either $context.requestId or $context.extendedRequestId';

export const accessLogCreationCases: readonly CreationCase[] = [
  format('with requestId', '$context.requestId'),
  format('with extendedRequestId', '{"id":"$context.extendedRequestId"}'),
  format('of other variables', '$context.status', NO_ID),
  format(
    'of two lines',
    '$context.requestId\n$context.status',
    'Access Log format must be single line, new line character is allowed only at end of the format',
  ),
];
