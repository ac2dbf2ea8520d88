// The ARN of a request, which policies are about (spec/http-api.md §6.3.2, §6.4, Choice C56).
import { partitionOf, printExecutionArn } from '../grammar/management-arn.ts';
import type { StageIdentity } from './stage-identity.ts';

/** `arn:aws:execute-api:{region}:{account}:{api}/{stage}/`; what follows is routePath's. */
export function routeArnStart({ region, accountId, apiId, name }: StageIdentity): string {
  return printExecutionArn({
    partition: partitionOf(region),
    region,
    account: accountId,
    apiId,
    path: `/${name}/`,
  });
}

/** Method and path: `GET/orders/5`. The path is decoded, but `*`, `?` and `%` stay encoded: a function that copies the
 *  ARN of a request into its policy must not be made to allow more by the path of the request. */
export function routePath(method: string, path: string): string {
  const text = method + path;
  return /[*?%]/.test(text) ? text.replace(/[*?%]/g, encoded) : text;
}

function encoded(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
