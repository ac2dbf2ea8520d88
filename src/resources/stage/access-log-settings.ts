// AccessLogSettings of stages (spec/management-api.md §2.8.3, http-api.md §9.1).
import { badRequest } from '../../wire/errors.ts';
import { isForeign, type ReadContext } from '../context.ts';
import { checkLength } from '../limits.ts';
import type { StageDocument } from './stage-document.ts';

type AccessLogSettings = NonNullable<StageDocument['AccessLogSettings']>;

const MAX_FORMAT_LENGTH = 3 * 1024;
const ARN = /^arn:aws[a-z-]*:(logs|firehose):[a-z0-9-]*:\d*:(.+)$/s;
const LOG_GROUP = /^log-group:([A-Za-z0-9_\-/.]+?)(?::\*)?$/;
const DELIVERY_STREAM = /^deliverystream\/amazon-apigateway-[A-Za-z0-9_\-.]+$/;

/** Checks settings that are not empty; a trailing `:*` of a log group is not stored. */
export function settledAccessLogSettings(
  protocolType: string,
  settings: AccessLogSettings,
  context: ReadContext,
): AccessLogSettings {
  const DestinationArn = settledDestination(protocolType, settings.DestinationArn ?? '');
  if (isForeign(DestinationArn.split(':')[4] ?? '', context)) {
    throw badRequest(`Access log destination must be of the account ${context.account}: '${DestinationArn}'`);
  }
  const { Format = '' } = settings;
  if (!/\$context\.(?:requestId|extendedRequestId)(?![A-Za-z0-9_])/.test(Format)) {
    throw badRequest(
      'Access Log format must include either $context.requestId or $context.extendedRequestId',
    );
  }
  checkLength('format', Format, 1, MAX_FORMAT_LENGTH);
  if (/[\r\n]/.test(Format.replace(/\r?\n$/, ''))) {
    throw badRequest(
      'Access Log format must be single line, new line character is allowed only at end of the format',
    );
  }
  return { DestinationArn, Format };
}

function settledDestination(protocolType: string, arn: string): string {
  const match = ARN.exec(arn);
  if (match === null) throw badRequest('Invalid ARN specified in the request');
  const resource = match[2]!;
  if (match[1] === 'logs' && LOG_GROUP.test(resource)) return arn.replace(/:\*$/, '');
  if (match[1] === 'firehose' && protocolType === 'WEBSOCKET' && DELIVERY_STREAM.test(resource)) return arn;
  throw badRequest(
    "Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': " +
      `'${resource.replace(/^log-group:/, '')}'`,
  );
}
