// A message as JSON, parsed strictly and once (spec/websocket-api.md §2.3.6, Choice U10).
import { parseStrictJson } from '../template/strict-json.ts';
import type { Value } from '../template/values.ts';
import type { SocketEvent } from './event.ts';

const parsed = new WeakMap<SocketEvent, MessageJson>();

export class MessageJson {
  /** undefined for a message that is no JSON. */
  readonly value: Value | undefined;

  constructor(text: string) {
    this.value = parseStrictJson(text);
  }

  static of(event: SocketEvent): MessageJson {
    let json = parsed.get(event);
    if (json === undefined) {
      json = new MessageJson(event.body);
      parsed.set(event, json);
    }
    return json;
  }
}
