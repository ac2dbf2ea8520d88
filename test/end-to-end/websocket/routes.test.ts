// Parameters that a $connect route declares: where they stand, and how their names are compared (spec/websocket-api.md §2.9).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CreateRouteCommand, DeleteRouteCommand, GetRoutesCommand } from '@aws-sdk/client-apigatewayv2';
import { createWebSocketApi, startWebSocketStand, told } from '../../support/websocket-stand.ts';

type Row = readonly [
  cites: string,
  declared: readonly string[],
  query: string,
  headers: Readonly<Record<string, string>>,
  comes: string,
];

const missing = (names: string): string => `400 Missing required request parameters: [${names}]`;

/** All that are declared are required. */
const rows: readonly Row[] = [
  ['2.9.1', ['querystring.a'], '?a=1', {}, '101'],
  ['2.9.1', ['querystring.a'], '?b=a', {}, missing('a')],
  ['2.9.1', ['header.X-A'], '', { 'X-A': '1' }, '101'],
  ['2.9.1', ['header.X-A'], '?X-A=1', {}, missing('X-A')],
  ['2.9.1', ['multivaluequerystring.a'], '?a=1&a=2', {}, '101'],
  ['2.9.1', ['multivaluequerystring.a'], '', { a: '1' }, missing('a')],
  ['2.9.1', ['multivalueheader.X-A'], '', { 'X-A': '1' }, '101'],
  ['2.9.1', ['multivalueheader.X-A'], '', {}, missing('X-A')],
  ['2.9.3', ['querystring.a', 'multivalueheader.X-B', 'header.X-C'], '', { 'X-B': '1' }, missing('a, X-C')],
  // Headers in any case, parameters in their own and decoded.
  ['2.9.3', ['header.X-A'], '', { 'x-a': '1' }, '101'],
  ['2.9.3', ['querystring.a'], '?A=1', {}, missing('a')],
  ['2.9.3', ['querystring.a'], '?%61=1', {}, '101'],
  ['2.9.3', ['querystring.a'], '?a', {}, '101'],
  ['2.9.3', ['querystring.a'], '?b=1&a=', {}, '101'],
  // What the gateway itself writes is always there (§3.3.5).
  ['2.9.3', ['header.X-Forwarded-For', 'header.x-amzn-trace-id'], '', {}, '101'],
  ['2.9.3', ['multivalueheader.X-Forwarded-Port', 'header.X-Forwarded-Proto'], '', {}, '101'],
];

const runRows = async (t: TestContext, isRequired: boolean): Promise<void> => {
  const stand = await startWebSocketStand(t);
  const { client } = stand.postern;
  const api = await createWebSocketApi(stand);
  const { apiId: ApiId } = api;
  for (const [cites, declared, query, headers, comes] of rows) {
    await t.test(`${declared.join(', ')} of ${query} ${JSON.stringify(headers)} (§${cites})`, async () => {
      const RequestParameters = Object.fromEntries(
        declared.map((name) => [`route.request.${name}`, { Required: isRequired }]),
      );
      const RouteKey = '$connect';
      const { Items } = await client.send(new GetRoutesCommand({ ApiId }));
      const { RouteId } = Items!.find((route) => route.RouteKey === RouteKey)!;
      await client.send(new DeleteRouteCommand({ ApiId, RouteId }));
      await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target: api.target, RequestParameters }));
      const shake = await api.connect(`/prod${query}`, headers);
      assert.equal(told(shake), isRequired ? comes : '101');
    });
  }
};

test('required parameters, in each of their places', (t) => runRows(t, true));

test('parameters that are declared, and not required, are asked of nobody', (t) => runRows(t, false));
