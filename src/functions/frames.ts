// The messages between Postern and a Node.js function's process: length, kind, text. Used by both sides
// (decision 0014: framed messages cost the gateway a third of HTTP).
import { FrameReader, LENGTH_BYTES } from '../net/frames.ts';

/** Kinds of frames. CALL goes to the function; the text is `awsRequestId\ndeadline\narn\ntraceId\nclientContext\n` and the
 *  event. */
export const CALL = 1;
/** The function can take calls. */
export const READY = 2;
/** What the function returned, as JSON text. */
export const ANSWER = 3;
/** What it threw, as Lambda's error document. */
export const FAILURE = 4;
/** It could not be loaded, or nobody caught what it threw: an error document, then the process ends. */
export const FATAL = 5;
/** Something it wrote to stdout or stderr. */
export const STDOUT = 6;
export const STDERR = 7;

const HEAD_BYTES = LENGTH_BYTES + 1;

/** One frame, ready to be written: its length, its kind, its text. */
export function frame(kind: number, text: string): Buffer {
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + length);
  bytes.writeUInt32LE(1 + length, 0);
  bytes[LENGTH_BYTES] = kind;
  bytes.write(text, HEAD_BYTES, 'utf8');
  return bytes;
}

/** Takes reads and gives frames. Frames whose text is over `maxBytes` are the other side's mistake: `onOversize`, and nothing after it. */
export function readFrames(
  maxBytes: number,
  onFrame: (kind: number, text: string) => void,
  onOversize: () => void,
): FrameReader {
  return new FrameReader(
    1 + maxBytes,
    (bytes, start, end) => {
      // Without a kind it is no frame of ours; no kind is 0.
      if (start === end) onFrame(0, '');
      else onFrame(bytes[start]!, bytes.toString('utf8', start + 1, end));
    },
    onOversize,
  );
}
