// Cases of the WebSocket protocol: what a client sends, what it gets up to the end of the connection, what `$disconnect` is
// told. Messages are sent back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { closeFrame, type FrameOptions, frame } from './socket-client.ts';
import { type SocketStand, startSocketStand } from './socket-stand.ts';

export interface Case {
  readonly name: string;
  readonly sends: readonly Buffer[];
  /** Up to the end of the connection. */
  readonly gets: readonly string[];
  /** Code and reason. */
  readonly told: string;
  readonly deflate?: true;
}

export const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
export const of = (length: number): string => 'x'.repeat(length);
/** A close with 1000. */
export const ok = closeFrame(1000);

/** A frame that is not the last of its message. */
export function part(opcode: number, payload: string | Buffer, options: FrameOptions = {}): Buffer {
  return frame(opcode, payload, { fin: false, ...options });
}

/** A message in frames of `size` bytes, the last one shorter. */
export function inFrames(opcode: number, payload: string | Buffer, size: number): Buffer[] {
  const data = Buffer.from(payload);
  const count = Math.max(1, Math.ceil(data.length / size));
  return Array.from({ length: count }, (_, i) =>
    frame(i === 0 ? opcode : 0, data.subarray(i * size, (i + 1) * size), { fin: i === count - 1 }),
  );
}

/** What is sent comes back in these frames, and then the client's close. */
export function echoed(name: string, sends: readonly Buffer[], ...gets: readonly string[]): Case {
  return { name, sends: [...sends, ok], gets: [...gets, 'close 1000', 'end'], told: '1000 ' };
}

/** The server closes with the code, after these frames. */
export function closed(
  name: string,
  code: number,
  sends: readonly Buffer[],
  ...gets: readonly string[]
): Case {
  return { name, sends, gets: [...gets, `close ${code}`, 'end'], told: `${code} ` };
}

/** The client closes with this frame. */
export function closing(name: string, sent: Buffer, got: string, told: string): Case {
  return { name, sends: [sent], gets: [got, 'end'], told };
}

const OFFER = 'Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n';
/** Cases of more bytes are not sent one by one. */
const SLOWLY = 400;

/** A test for each case, with its bytes sent in one piece, and one by one. */
export function testProtocol(groups: Readonly<Record<string, readonly Case[]>>): void {
  let stand: SocketStand;
  before(async () => {
    stand = await startSocketStand();
  });
  after(async () => {
    assert.deepEqual(stand.defects, []);
    await stand.close();
  });

  async function run({ sends, gets, told, deflate }: Case, pieces: 'at once' | 'slowly'): Promise<void> {
    const client = await stand.open(deflate === true ? OFFER : '');
    const all = Buffer.concat(sends);
    if (pieces === 'at once') client.send(all);
    else void client.sendSlowly(all);
    assert.deepEqual(await client.rest(), gets);
    await stand.untilEnded(1);
    assert.deepEqual(
      stand.ended.splice(0).map(({ code, reason }) => `${code} ${reason}`),
      [told],
    );
    client.destroy();
  }

  for (const [what, cases] of Object.entries(groups)) {
    describe(`WebSocket ${what}`, () => {
      for (const row of cases) {
        test(row.name, () => run(row, 'at once'));
        if (Buffer.concat(row.sends).length <= SLOWLY) {
          test(`${row.name}, byte by byte`, () => run(row, 'slowly'));
        }
      }
    });
  }
}
