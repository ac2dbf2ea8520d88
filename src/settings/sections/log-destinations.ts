// `logDestinations:` where the access logs of a log group go (spec/http-api.md §9.1):
//
//   logDestinations:
//     arn:aws:logs:eu-west-1:000000000000:log-group:orders: stdout
//     arn:aws:logs:eu-west-1:000000000000:log-group:pets: { file: /var/log/pets.log }
//     arn:aws:logs:eu-west-1:000000000000:log-group:shop: cloudwatch
//     arn:aws:logs:eu-west-1:000000000000:log-group:audit: { firehose: audit-stream }

import type { LogDestination, LogTarget } from '../../backends/log-destinations/settings.ts';
import {
  choice,
  entriesOf,
  filePath,
  into,
  matching,
  objectOf,
  optional,
  placed,
  scalarOr,
  section,
  url,
  withOneOf,
  yes,
} from '../shape.ts';

const ARN =
  /^arn:aws[a-z-]*:(?:logs:[a-z0-9-]*:\d*:log-group:[A-Za-z0-9_\-/.]+(?::\*)?|firehose:[a-z0-9-]*:\d*:deliverystream\/[A-Za-z0-9_\-.]+(?::\*)?)$/;

const stream = matching(/^[A-Za-z0-9_\-.]{1,64}$/, 'is the name of a delivery stream');

/** What the ARN comes to by what is written for it. */
type TargetOf = (arn: string) => LogTarget;

const isGroup = (arn: string): boolean => arn.includes(':log-group:');

function streamOf(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}

const word = into(choice(['stdout', 'cloudwatch', 'firehose']), (kind, node): TargetOf => {
  if (kind === 'stdout') return () => ({ kind });
  return (arn) => {
    if (isGroup(arn) !== (kind === 'cloudwatch')) {
      throw node.error(`is for ARNs of ${kind === 'cloudwatch' ? 'log groups' : 'delivery streams'}`);
    }
    return kind === 'cloudwatch'
      ? { kind, endpoint: undefined }
      : { kind, stream: streamOf(arn), endpoint: undefined };
  };
});

const members = objectOf({
  file: optional('A file that lines are appended to.', filePath),
  cloudwatch: optional('true: to CloudWatch Logs, into the log group of the ARN.', placed(yes)),
  firehose: optional('To Firehose, into the delivery stream of this name.', stream),
  endpoint: optional('Base URL of CloudWatch Logs or Firehose.', url),
});

const one = into(
  withOneOf(['file', 'cloudwatch', 'firehose'], members),
  ({ file, cloudwatch, firehose, endpoint }, node): TargetOf => {
    if (file !== undefined && endpoint !== undefined)
      throw node.error('has an endpoint, which a file has not');
    return (arn) => {
      if (file !== undefined) return { kind: 'file', path: file };
      if (firehose !== undefined) return { kind: 'firehose', stream: firehose, endpoint };
      if (!isGroup(arn)) throw cloudwatch!.node.error('is for ARNs of log groups');
      return { kind: 'cloudwatch', endpoint };
    };
  },
  { not: { required: ['file', 'endpoint'] } },
);

const destinations = entriesOf(scalarOr(word, one), {
  pattern: ARN,
  advice: 'is named by no ARN of a log group or delivery stream',
});

export const logDestinations = section(
  'Where the access logs of log groups and delivery streams go, by ARN.',
  into(destinations, (entries): readonly LogDestination[] =>
    [...entries].map(([name, targetOf]) => {
      const arn = name.replace(/:\*$/, '');
      return { arn, target: targetOf(arn) };
    }),
  ),
  [],
);
