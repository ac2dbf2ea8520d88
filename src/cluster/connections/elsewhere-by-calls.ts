// The connections of other processes, by calls that somebody takes to their holders.
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

export class ElsewhereByCalls implements Elsewhere {
  readonly #carry: Carry;

  constructor(carry: Carry) {
    this.#carry = carry;
  }

  async post(
    place: ConnectionPlace,
    data: string | Buffer,
  ): Promise<'sent' | Exclude<ConnectionOutcome, 'done'>> {
    const answer = await this.#ask(typeof data === 'string' ? 'postText' : 'postBytes', place, data);
    const outcome = outcomeOf(answer);
    return outcome === 'done' ? 'sent' : outcome;
  }

  async info(place: ConnectionPlace): Promise<ConnectionInfo | 'gone' | 'unreachable'> {
    const answer = await this.#ask('info', place);
    const outcome = outcomeOf(answer);
    if (answer === undefined || outcome !== 'done') return outcome === 'gone' ? 'gone' : 'unreachable';
    return readInfo(answer);
  }

  async send(
    target: ConnectionTarget,
    data: string | Buffer,
  ): Promise<'sent' | Exclude<ConnectionOutcome, 'done'>> {
    const answer = await this.#ask(
      typeof data === 'string' ? 'sendText' : 'sendBytes',
      placeOf(target),
      data,
    );
    const outcome = outcomeOf(answer);
    return outcome === 'done' ? 'sent' : outcome;
  }

  async end(target: ConnectionTarget): Promise<'closed' | 'gone' | 'unreachable'> {
    return closedBy(await this.#ask('end', placeOf(target)));
  }

  async close(place: ConnectionPlace): Promise<'closed' | 'gone' | 'unreachable'> {
    return closedBy(await this.#ask('close', place));
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
