// Server-sent events of a response that fetch has begun (HTML §9.2.6), for the console and the command line: EventSource cannot send
// the headers of a signature.

export interface EventOfStream {
  /** `message` where the stream names none. */
  readonly type: string;
  readonly data: string;
}

const BROKEN_OFF = { done: true, value: undefined } as const;

/** Reads events until the stream ends, or breaks off; comments are passed over. Rejects with what `onEvent` throws. */
export async function readEvents(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: EventOfStream) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let type = '';
  let data: string[] = [];
  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) onEvent({ type: type === '' ? 'message' : type, data: data.join('\n') });
      type = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    const field = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') type = value;
    else if (field === 'data') data.push(value);
  };
  for (;;) {
    const { done, value } = await reader.read().catch(() => BROKEN_OFF);
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
      line(rest.slice(0, end).replace(/\r$/, ''));
      rest = rest.slice(end + 1);
    }
  }
}
