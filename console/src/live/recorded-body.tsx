// A body as it was recorded: JSON pretty-printed, other text as it is, anything else as hex. All of it is text of the page.
import type { RecordedBody } from '../../../src/gateway/live/recorded-request.ts';
import { count } from '../parts/count.ts';
import { LongText } from '../parts/long-text.tsx';
import { hexDump } from './hex.ts';
import { prettyJson } from './pretty-json.ts';
import { bytesOf } from './request-parts.ts';

export function Body({ body }: { readonly body: RecordedBody | undefined }) {
  if (body === undefined) return null;
  if (body.bytes === 0) return <p className="muted">no body</p>;
  const { text, form } = shownText(body);
  return (
    <figure className="body">
      <figcaption>
        {form}, {countOfBytes(body)}
      </figcaption>
      <LongText text={text} />
    </figure>
  );
}

/** Of what is kept of it. */
export function shownText({ text, base64, isTruncated }: RecordedBody): {
  readonly text: string;
  readonly form: string;
} {
  if (text === undefined) return { text: hexDump(bytesOf({ base64: base64 ?? '' })), form: 'binary' };
  const json = isTruncated ? undefined : prettyJson(text);
  return json === undefined ? { text, form: 'text' } : { text: json, form: 'JSON' };
}

function countOfBytes(body: RecordedBody): string {
  const { bytes, isTruncated } = body;
  if (!isTruncated) return count(bytes, 'byte');
  const kept = bytesOf(body).length;
  return `the first ${kept.toLocaleString('en')} of ${count(bytes, 'byte')}`;
}
