// The connections of other processes, by calls that somebody takes to their holders.
import { isUtf8 } from 'node:buffer';
import type { Asker } from '../../net/channel/channel.ts';
import type {
  ConnectionInfo,
  ConnectionPlace,
  ConnectionTarget,
  Elsewhere,
} from '../../websocket-api/connections/elsewhere.ts';
import {
  type ConnectionOutcome,
  type ConnectionQuestion,
  printCall,
  readInfo,
  readOutcome,
} from './connection-call.ts';

/** What the way to a holder and back may take. */
export const HOP_MILLIS = 2_000;

/** Takes a call to the holder, who tells the asker. */
export type Carry = (call: Buffer, asker: Asker) => void;

type Sent = 'sent' | Exclude<ConnectionOutcome, 'done'>;

export class ElsewhereByCalls implements Elsewhere {
  readonly #carry: Carry;

  constructor(carry: Carry) {
    this.#carry = carry;
  }

  post(place: ConnectionPlace, data: Buffer): Promise<Sent> {
    return this.#send(isUtf8(data) ? 'postText' : 'postBytes', place, data);
  }

  async info(place: ConnectionPlace): Promise<ConnectionInfo | 'gone' | 'unreachable'> {
    const answer = await this.#ask('info', place);
    const outcome = outcomeOf(answer);
    if (answer === undefined || outcome !== 'done') return outcome === 'gone' ? 'gone' : 'unreachable';
    return readInfo(answer);
  }

  send(target: ConnectionTarget, data: string | Buffer): Promise<Sent> {
    return this.#send(typeof data === 'string' ? 'sendText' : 'sendBytes', placeOf(target), data);
  }

  async end(target: ConnectionTarget): Promise<'closed' | 'gone' | 'unreachable'> {
    return closedBy(await this.#ask('end', placeOf(target)));
  }

  async close(place: ConnectionPlace): Promise<'closed' | 'gone' | 'unreachable'> {
    return closedBy(await this.#ask('close', place));
  }

  #send(question: ConnectionQuestion, place: ConnectionPlace, data: string | Buffer): Promise<Sent> {
    return new Promise((resolve) => this.#carry(printCall(question, place, data), new Sender(resolve)));
  }

  /** Undefined where nobody answers. */
  #ask(
    question: ConnectionQuestion,
    place: ConnectionPlace,
    data?: string | Buffer,
  ): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      const asker: Asker = { answer: resolve, refuse: () => resolve(undefined) };
      this.#carry(printCall(question, place, data), asker);
    });
  }
}

/** Who has sent something: one promise a post, as many are under way at once. */
class Sender implements Asker {
  readonly #resolve: (sent: Sent) => void;

  constructor(resolve: (sent: Sent) => void) {
    this.#resolve = resolve;
  }

  answer(body: Buffer): void {
    const outcome = readOutcome(body);
    this.#resolve(outcome === 'done' ? 'sent' : outcome);
  }

  refuse(): void {
    this.#resolve('unreachable');
  }
}

function placeOf({ connectionId, account }: ConnectionTarget): ConnectionPlace {
  return { id: connectionId, apiId: account ?? '', stageName: '' };
}

function closedBy(answer: Buffer | undefined): 'closed' | 'gone' | 'unreachable' {
  const outcome = outcomeOf(answer);
  if (outcome === 'done') return 'closed';
  return outcome === 'gone' ? 'gone' : 'unreachable';
}

function outcomeOf(answer: Buffer | undefined): ConnectionOutcome {
  return answer === undefined ? 'unreachable' : readOutcome(answer);
}
