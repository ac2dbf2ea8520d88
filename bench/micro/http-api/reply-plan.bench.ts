import { parseResponseMappings } from '../../../src/grammar/mapping.ts';
import { ReplyPlan } from '../../../src/http-api/mapping/reply-plan.ts';
import { HeaderBlock } from '../../../src/net/header-block.ts';
import type { UpstreamReply } from '../../../src/net/upstream/upstream.ts';
import { NO_BODY } from '../../../src/net/whole-body.ts';
import { PETS_MAPPING } from '../../load/gateways/postern-api.ts';
import { callOf, SCOPE } from '../calls.ts';
import type { Suite } from '../micro.ts';

const PAIRS = [
  ['Server', 'nginx/1.22.1'],
  ['Date', 'Sat, 22 Nov 2025 12:00:00 GMT'],
  ['Content-Type', 'application/json'],
  ['Content-Length', '1024'],
  ['Connection', 'keep-alive'],
].flat();

function replyOf(pairs: readonly string[], canonical: boolean): UpstreamReply {
  return { status: 200, headers: HeaderBlock.fromPairs(pairs), canonical, body: NO_BODY };
}

function building(
  mappings: Record<string, Record<string, string>>,
  reply: UpstreamReply,
): (iterations: number) => number {
  const changes = parseResponseMappings(mappings).get(200) ?? [];
  const plan = new ReplyPlan(changes, { ...SCOPE, side: 'response' }, false);
  const call = callOf();
  call.reply = reply;
  return (iterations) => {
    let sum = 0;
    for (let i = 0; i < iterations; i++)
      sum += plan.headerLines(call, reply).charCodeAt(20) + plan.status(call, reply);
    return sum;
  };
}

const CANONICAL = replyOf(PAIRS, true);
const LOWER = replyOf(
  PAIRS.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text)),
  false,
);

export const suite: Suite = {
  of: 'http-api/reply-plan: status and header lines of the reply',
  variants: [
    { name: 'no mapping', run: building({}, CANONICAL) },
    { name: 'no mapping, lower-case names', run: building({}, LOWER) },
    { name: '3 mappings', run: building(PETS_MAPPING.response, CANONICAL) },
  ],
};
