// The environment of spec/websocket-api.md §5.10.
import type { TemplateEnvironment } from './run.ts';
import { type MapStyle, type Value, VMap } from './values.ts';

const BODY =
  '{"action":"chat","user":{"name":"Ann","tags":["a","b"],"age":30,"ok":false,"none":null},' +
  '"items":[{"id":1,"price":10.5},{"id":2,"price":9.0}],"text":"it\'s \\"x\\" / a\\nb é","key-dash":"kd","n":7,' +
  '"zero":0,"empty":"","list":[],"s":"5","big":12345678.9,"long":12345678901234,"nested":"{\\"k\\":[1,2]}"}';

const map = (entries: Readonly<Record<string, Value>>, style: MapStyle = 'java') =>
  new VMap(new Map(Object.entries(entries)), style);
const silent = (entries: Readonly<Record<string, Value>>) => map(entries, 'silent');

export function testEnvironment(body = BODY): TemplateEnvironment {
  return {
    body,
    context: map({
      connectionId: 'BFHPhfCWIAMCKlQ=',
      stage: 'prod',
      routeKey: 'chat',
      eventType: 'MESSAGE',
      requestTimeEpoch: 1_700_000_000_000n,
      identity: map({ sourceIp: '192.0.2.1' }),
      authorizer: map({ principalId: 'u1', flag: 'true' }),
      requestOverride: silent({ header: silent({}), querystring: silent({}), path: silent({}) }),
      responseOverride: silent({ header: silent({}) }),
    }),
    stageVariables: new Map([
      ['url', 'example.com'],
      ['my-var', 'mv'],
    ]),
  };
}
