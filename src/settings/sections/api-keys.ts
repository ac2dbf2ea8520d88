// `apiKeys:` the keys of WebSocket APIs whose $connect route requires one (spec/websocket-api.md §2.7):
//
//   apiKeys:
//     - { id: partner, value: a-long-secret, stages: [a1b2c3d4e5:prod], quota: { limit: 1000, period: DAY } }
import type { ApiKeySettings } from '../../websocket-api/api-keys.ts';
import type { ConfigNode } from '../config-node.ts';

const MOST = 2 ** 31 - 1;
/** AWS's least. */
const MIN_LENGTH = 20;

export function readApiKeys(node: ConfigNode | undefined): readonly ApiKeySettings[] {
  const values = new Set<string>();
  return (node?.items() ?? []).map((entry) => {
    const members = entry.members(['id', 'value', 'enabled', 'stages', 'throttle', 'quota']);
    const [id, value] = [members.get('id'), members.get('value')];
    if (id === undefined || value === undefined) throw entry.error('needs an id and a value');
    const text = value.text();
    if (text.length < MIN_LENGTH) throw value.error(`has at least ${MIN_LENGTH} characters`);
    if (values.has(text)) throw value.error('is there twice');
    values.add(text);
    return {
      id: id.text(),
      value: text,
      isEnabled: members.get('enabled')?.boolean() ?? true,
      stages: members.get('stages')?.items().map(readStage) ?? ['*'],
      throttle: readThrottle(members.get('throttle')),
      quota: readQuota(members.get('quota')),
    };
  });
}

function readStage(node: ConfigNode): string {
  const stage = node.text();
  if (stage !== '*' && !/^[a-z0-9]+:[A-Za-z0-9_-]+$/.test(stage)) {
    throw node.error(`is API:STAGE, for example a1b2c3d4e5:prod, or "*", not ${JSON.stringify(stage)}`);
  }
  return stage;
}

function readThrottle(node: ConfigNode | undefined): ApiKeySettings['throttle'] {
  const members = node?.members(['rateLimit', 'burstLimit']);
  const [rate, burst] = [members?.get('rateLimit'), members?.get('burstLimit')];
  if (members === undefined) return undefined;
  if (rate === undefined || burst === undefined) throw node!.error('needs rateLimit and burstLimit');
  return { rateLimit: rate.number(0, MOST), burstLimit: burst.integer(0, MOST) };
}

function readQuota(node: ConfigNode | undefined): ApiKeySettings['quota'] {
  const members = node?.members(['limit', 'period']);
  const [limit, period] = [members?.get('limit'), members?.get('period')];
  if (members === undefined) return undefined;
  if (limit === undefined || period === undefined) throw node!.error('needs limit and period');
  return { limit: limit.integer(0, MOST), period: period.choice(['DAY', 'WEEK', 'MONTH']) };
}
