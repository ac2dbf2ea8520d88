// The contract on a real Valkey or Redis of this machine.
import { test } from 'node:test';
import { NO_VALKEY, startValkey } from '../../../../test/support/valkey-server.ts';
import { parseValkeyUrl } from '../../../settings/valkey-url.ts';
import { tokenSourceContract } from '../token-source.test.support.ts';
import { ValkeyTokens } from './valkey-tokens.ts';

const server = await startValkey();
if (server === undefined) test('tokens of Valkey', { skip: NO_VALKEY }, () => {});
else
  tokenSourceContract('Valkey', async () => {
    const opened: ValkeyTokens[] = [];
    const place = parseValkeyUrl(server.url)!;
    const made = await Promise.all(
      ['a', 'b'].map(async (holder) => {
        const tokens = await ValkeyTokens.open({
          place,
          name: `contract-${process.pid}`,
          holder,
          ca: [],
          answerMillis: 10_000,
        });
        opened.push(tokens);
        return [holder, tokens] as const;
      }),
    );
    const byHolder = new Map(made);
    return {
      of: (holder) => byHolder.get(holder)!,
      close: async () => {
        for (const tokens of opened) tokens.close();
      },
    };
  });
