// `logDestinations:` where the access logs of a log group go (spec/http-api.md §9.1):
//
//   logDestinations:
//     arn:aws:logs:eu-west-1:000000000000:log-group:orders: stdout
//     arn:aws:logs:eu-west-1:000000000000:log-group:pets: { file: /var/log/pets.log }
//     arn:aws:logs:eu-west-1:000000000000:log-group:shop: cloudwatch
//     arn:aws:logs:eu-west-1:000000000000:log-group:audit: { firehose: audit-stream }

import type { LogDestination, LogTarget } from '../../backends/log-destinations/settings.ts';
import type { ConfigNode } from '../config-node.ts';

const ARN =
  /^arn:aws[a-z-]*:(?:logs:[a-z0-9-]*:\d*:log-group:[A-Za-z0-9_\-/.]+|firehose:[a-z0-9-]*:\d*:deliverystream\/[A-Za-z0-9_\-.]+)$/;

export function readLogDestinations(node: ConfigNode | undefined): readonly LogDestination[] {
  return (node?.entries() ?? []).map(([name, target]) => {
    const arn = name.replace(/:\*$/, '');
    if (!ARN.test(arn)) throw target.error('is named by no ARN of a log group or delivery stream');
    return { arn, target: readTarget(target, arn) };
  });
}

function readTarget(node: ConfigNode, arn: string): LogTarget {
  const isGroup = arn.includes(':log-group:');
  if (node.isScalar) {
    const word = node.choice(['stdout', isGroup ? 'cloudwatch' : 'firehose']);
    if (word === 'stdout') return { kind: 'stdout' };
    if (word === 'cloudwatch') return { kind: 'cloudwatch', endpoint: undefined };
    return { kind: 'firehose', stream: streamOf(arn), endpoint: undefined };
  }
  const members = node.members(['file', 'cloudwatch', 'firehose', 'endpoint']);
  const endpoint = members.get('endpoint')?.url();
  const file = members.get('file');
  const cloudwatch = members.get('cloudwatch');
  const firehose = members.get('firehose');
  if ([file, cloudwatch, firehose].filter((member) => member !== undefined).length !== 1) {
    throw node.error('needs exactly one of file, cloudwatch, firehose');
  }
  if (file !== undefined) {
    if (endpoint !== undefined) throw node.error('has an endpoint, which a file has not');
    return { kind: 'file', path: file.filePath() };
  }
  if (firehose !== undefined) return { kind: 'firehose', stream: readStream(firehose), endpoint };
  if (!cloudwatch!.boolean()) throw cloudwatch!.error('is true, or not there');
  if (!isGroup) throw cloudwatch!.error('is for ARNs of log groups');
  return { kind: 'cloudwatch', endpoint };
}

function readStream(node: ConfigNode): string {
  const name = node.text();
  if (!/^[A-Za-z0-9_\-.]{1,64}$/.test(name)) {
    throw node.error(`is the name of a delivery stream, not ${JSON.stringify(name)}`);
  }
  return name;
}

function streamOf(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}
