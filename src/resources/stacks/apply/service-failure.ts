// What the service refused, as CloudFormation's events say it (spec/definitions.md §11.2.2).
import type { ServiceError } from '../../../wire/errors.ts';

export function serviceFailure(
  { logicalId, type }: { readonly logicalId: string; readonly type: string },
  { message, status, code }: ServiceError,
): string {
  return `${logicalId} (${type}): ${message} (Service: AmazonApiGatewayV2; Status Code: ${status}; Error Code: ${code})`;
}
