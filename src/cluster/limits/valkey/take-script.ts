// The bucket of shared-bucket.ts as a script of Valkey: one hash a bucket, with `l` its level, `a` when that was right, in
// milliseconds of the server's clock, and `h…` what each holder has in hand, `amount:until`. It expires when it would be as if it
// had never been there. Keep it and shared-bucket.ts the same: one contract is run on both.
import { EMPTY_MILLIS, HOLD_MILLIS, LONG_EMPTY_MILLIS } from '../../../stage/token-source.ts';

/** What a bucket is remembered that fills for longer. */
const LONGEST_MILLIS = 1e12;

/** Key: the bucket. Arguments: tokens a millisecond, size, due, ahead, back, held, holder. Answers: granted, milliseconds empty. */
export const TAKE_SCRIPT = `
local key, rate, size = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local due, ahead, back, held = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local mine = 'h' .. ARGV[7]
if size <= 0 or rate <= 0 then return {0, ${EMPTY_MILLIS}} end
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local level, at, out, own, last = size, now, 0, 0, 0
local stored = redis.call('HGETALL', key)
for i = 1, #stored, 2 do
  local field, value = stored[i], stored[i + 1]
  if field == 'l' then level = tonumber(value)
  elseif field == 'a' then at = tonumber(value)
  else
    local amount, till = string.match(value, '^(%d+):(%d+)$')
    amount, till = tonumber(amount), tonumber(till)
    if till <= now or till > now + ${2 * HOLD_MILLIS} then redis.call('HDEL', key, field)
    else
      out = out + amount
      if field == mine then own = amount elseif till > last then last = till end
    end
  end
end
if now > at then level = level + (now - at) * rate
elseif at - now < ${HOLD_MILLIS} then now = at end
level = math.max(0, math.min(level, size - out))
out = out + held - own
level = math.max(0, math.min(level + math.min(back, math.max(0, own - held)), size - out))
local forDue = math.min(due, math.floor(level))
local forStock = math.max(0, math.min(ahead, math.floor(level) - forDue, math.floor(size / 2) - out))
level = level - forDue - forStock
if held + forStock == 0 then redis.call('HDEL', key, mine)
else
  last = math.max(last, math.ceil(now + ${HOLD_MILLIS}))
  redis.call('HSET', key, mine, string.format('%d:%d', held + forStock, math.ceil(now + ${HOLD_MILLIS})))
end
redis.call('HSET', key, 'l', string.format('%.6f', level), 'a', string.format('%.3f', now))
local life = math.min(math.max((size - level) / rate, last - now) + 1, ${LONGEST_MILLIS})
redis.call('PEXPIRE', key, string.format('%.0f', math.ceil(life)))
local empty = 0
if level < 1 then
  empty = math.max((1 - level) / rate, math.min(${EMPTY_MILLIS}, size / 2 / rate), 1)
  empty = math.ceil(math.min(empty, ${LONG_EMPTY_MILLIS}))
end
return {forDue + forStock, empty}
`;
