// `apiKeys:` the keys of WebSocket APIs whose $connect route requires one (spec/websocket-api.md §2.7):
//
//   apiKeys:
//     - { id: partner, value: a-long-secret, stages: [a1b2c3d4e5:prod], quota: { limit: 1000, period: DAY } }
import type { ApiKeySettings } from '../../websocket-api/api-keys.ts';
import {
  boolean,
  choice,
  defaulted,
  integer,
  into,
  listOf,
  matching,
  needed,
  number,
  objectOf,
  optional,
  placed,
  section,
  text,
} from '../shape.ts';

const MOST = 2 ** 31 - 1;
/** AWS's least. */
const MIN_LENGTH = 20;

const keyValue = into(
  text,
  (value, node) => {
    if (value.length < MIN_LENGTH) throw node.error(`has at least ${MIN_LENGTH} characters`);
    return value;
  },
  { minLength: MIN_LENGTH },
);

const stage = matching(
  /^(?:\*|[a-z0-9]+:[A-Za-z0-9_-]+)$/,
  'is API:STAGE, for example a1b2c3d4e5:prod, or "*"',
);

const throttle = objectOf({
  rateLimit: needed('Connects a second.', number(0, MOST)),
  burstLimit: needed('Connects at once.', integer(0, MOST)),
});

const quota = objectOf({
  limit: needed('Connects in a period.', integer(0, MOST)),
  period: needed('When it begins anew.', choice(['DAY', 'WEEK', 'MONTH'])),
});

const key = objectOf({
  id: needed('What logs and $context.identity.apiKeyId call the key.', text),
  value: needed(`What clients send: a secret of at least ${MIN_LENGTH} characters.`, placed(keyValue)),
  enabled: defaulted('Whether the key is taken.', boolean, true),
  stages: defaulted('The stages it is for, API:STAGE, or "*" for all.', listOf(stage), ['*']),
  throttle: optional('How fast clients with this key may connect.', throttle),
  quota: optional('How often clients with this key may connect.', quota),
});

const keys = into(listOf(key), (entries): readonly ApiKeySettings[] => {
  const values = new Set<string>();
  return entries.map(({ id, value: { value, node }, enabled, ...rest }) => {
    if (values.has(value)) throw node.error('is there twice');
    values.add(value);
    return { id, value, isEnabled: enabled, ...rest };
  });
});

export const apiKeys = section('Keys of WebSocket APIs whose $connect route requires one.', keys, []);
