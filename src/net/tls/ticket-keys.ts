// Keys of TLS session tickets (RFC 5077 §4, RFC 8446 §4.6.1): made of a secret and the day, so that processes that share the secret
// resume each other's sessions without asking each other.
import { hkdfSync, randomBytes } from 'node:crypto';
import type { Server } from 'node:tls';

/** As long as the keys that a ticket was made with are known: the day after its own. In seconds. */
export const TICKET_SECONDS = 86_400;

const DAY_MILLIS = TICKET_SECONDS * 1_000;
const NAME_BYTES = 16;
const KEY_BYTES = 16;
const ALL_BYTES = NAME_BYTES + 2 * KEY_BYTES;

interface Keys {
  /** What tickets say of the keys they were made with. */
  readonly name: Buffer;
  readonly hmac: Buffer;
  readonly aes: Buffer;
}

/** What a callback for tickets answers: 0 this is no ticket of ours, 1 it is, or one is made with these keys, 2 it is and the client gets
 *  another. All members are read whatever the first says; the last two are read when a ticket is made. */
type TicketAnswer = readonly [verdict: 0 | 1 | 2, hmac: Buffer, aes: Buffer, name?: Buffer, iv?: Buffer];

/** What Node's own server has beside what is documented: `setTicketKeys` knows one day's keys alone, and yesterday's sessions would be
 *  lost at midnight. Node.js 20 to 26 have it; one without it would lose them. */
interface TicketContext {
  enableTicketKeyCallback?(): void;
  onticketkeycallback?: (name: Buffer, iv: Buffer, isNew: boolean) => TicketAnswer;
}

export class TicketKeys {
  readonly #secret: Uint8Array;
  readonly #epoch: () => number;
  #day = Number.NaN;
  #today: Keys;
  /** Of yesterday, and of tomorrow for machines whose clock is ahead. */
  #others: readonly Keys[] = [];

  /** `epoch` tells the time in milliseconds. */
  constructor(secret: Uint8Array, epoch: () => number) {
    this.#secret = secret;
    this.#epoch = epoch;
    this.#today = this.#look();
  }

  /** Has a server make and take tickets with these keys. To be called again when its context was set. */
  giveTo(server: Server): void {
    const { context } = (server as Server & { readonly _sharedCreds: { readonly context: TicketContext } })
      ._sharedCreds;
    if (context.enableTicketKeyCallback === undefined) {
      const { name, hmac, aes } = this.#look();
      server.setTicketKeys(Buffer.concat([name, hmac, aes]));
      return;
    }
    context.enableTicketKeyCallback();
    context.onticketkeycallback = (name, _iv, isNew) => (isNew ? this.#making() : this.#taking(name));
  }

  #making(): TicketAnswer {
    const { name, hmac, aes } = this.#look();
    return [1, hmac, aes, name, randomBytes(KEY_BYTES)];
  }

  #taking(name: Buffer): TicketAnswer {
    const today = this.#look();
    if (today.name.equals(name)) return [1, today.hmac, today.aes];
    const other = this.#others.find((each) => each.name.equals(name));
    return other === undefined ? [0, today.hmac, today.aes] : [2, other.hmac, other.aes];
  }

  #look(): Keys {
    const day = Math.floor(this.#epoch() / DAY_MILLIS);
    if (day !== this.#day) {
      this.#day = day;
      this.#today = keysOf(this.#secret, day);
      this.#others = [keysOf(this.#secret, day - 1), keysOf(this.#secret, day + 1)];
    }
    return this.#today;
  }
}

/** Days count from 1970. */
function keysOf(secret: Uint8Array, day: number): Keys {
  const all = Buffer.from(hkdfSync('sha256', secret, '', `postern TLS tickets ${day}`, ALL_BYTES));
  return {
    name: all.subarray(0, NAME_BYTES),
    hmac: all.subarray(NAME_BYTES, NAME_BYTES + KEY_BYTES),
    aes: all.subarray(NAME_BYTES + KEY_BYTES),
  };
}
