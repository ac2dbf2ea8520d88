// Tables of management calls that are refused: one test a row, named after the section that says so.
import { type TestContext, test } from 'node:test';
import {
  type ApiGatewayV2,
  BadRequestException,
  ConflictException,
  NotFoundException,
} from '@aws-sdk/client-apigatewayv2';
import { refused, startManagementServer } from './management-server.ts';

/** A call and the exception it ends in; the class is BadRequestException unless said otherwise. */
export interface RefusalRow<Subject> {
  readonly source: string;
  readonly name: string;
  readonly call: (sdk: ApiGatewayV2, subject: Subject) => Promise<unknown>;
  readonly text: string | ((subject: Subject) => string);
  readonly exception?: 'BadRequest' | 'Conflict' | 'NotFound';
}

const EXCEPTIONS = {
  BadRequest: [BadRequestException, 400],
  Conflict: [ConflictException, 409],
  NotFound: [NotFoundException, 404],
} as const;

/** Runs the rows against one server; `prepare` makes what each row starts from, anew. */
export function testRefusals<Subject>(
  name: string,
  prepare: (sdk: ApiGatewayV2) => Promise<Subject>,
  rows: readonly RefusalRow<Subject>[],
): void {
  test(name, async (t: TestContext) => {
    const server = await startManagementServer();
    t.after(() => server.close());
    const sdk = server.client();
    for (const row of rows) {
      await t.test(`${row.name} (${row.source})`, async () => {
        const subject = await prepare(sdk);
        const [exception, status] = EXCEPTIONS[row.exception ?? 'BadRequest'];
        const text = typeof row.text === 'string' ? row.text : row.text(subject);
        await refused(row.call(sdk, subject), exception, status, text);
      });
    }
  });
}
