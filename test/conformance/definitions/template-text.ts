// Templates of rows, from the way in which the specification writes resources (§14).
import type { Deployed } from './case.ts';

/** What all rows have unless they say otherwise. */
const COMMON = [
  'Api: Api {Name: pets, ProtocolType: HTTP}',
  "Fn: AWS::Lambda::Function {Handler: index.handler, Runtime: nodejs22.x, Role: 'arn:aws:iam::000000000000:role/r', Code: {ZipFile: 'exports.handler = async () => ({ statusCode: 200, body: \"fn\" })'}}",
  "Int: Integration {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn, PayloadFormatVersion: '2.0'}",
];

const RESOURCE = /^(\w+): ([\w:]+)(?: (\{.*\}))?$/s;

/** YAML. */
export function templateText({ resources, sections = '', isAlone }: Deployed): string {
  const own = new Set(resources.map((each) => each.slice(0, each.indexOf(':'))));
  const common = isAlone ? [] : COMMON.filter((each) => !own.has(each.slice(0, each.indexOf(':'))));
  const lines = [...common, ...resources].map((each) => `  ${resourceText(each)}\n`);
  return `Resources:\n${lines.join('')}${sections}`;
}

function resourceText(written: string): string {
  const match = RESOURCE.exec(written);
  if (match === null) return written;
  const [, id, type, properties = '{}'] = match;
  const full = type!.includes('::') ? type : `AWS::ApiGatewayV2::${type}`;
  return `${id}: {Type: '${full}', Properties: ${properties}}`;
}
