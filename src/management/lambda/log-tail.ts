// The end of a call's log as Invoke gives it for LogType Tail: base64 of at most 4 KB
// (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, LogResult).

const MAX_BYTES = 4_096;

export class LogTail {
  readonly #now: () => number;
  readonly #startedAt: number;
  /** The latest lines; more than MAX_BYTES only by the first of them. */
  readonly #lines: string[] = [];
  #length = 0;

  /** `now` gives milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
  }

  add(line: string): void {
    this.#lines.push(line);
    this.#length += line.length + 1;
    // A character is a byte at least.
    while (this.#length - this.#lines[0]!.length > MAX_BYTES) {
      this.#length -= this.#lines.shift()!.length + 1;
    }
  }

  /** With Lambda's own lines around; the time is that of the whole call. */
  print(awsRequestId: string): string {
    const millis = this.#now() - this.#startedAt;
    const text = [
      `START RequestId: ${awsRequestId} Version: $LATEST`,
      ...this.#lines,
      `END RequestId: ${awsRequestId}`,
      `REPORT RequestId: ${awsRequestId}\tDuration: ${millis.toFixed(2)} ms\tBilled Duration: ${Math.ceil(millis)} ms\t`,
      '',
    ].join('\n');
    const bytes = Buffer.from(text);
    return bytes.subarray(Math.max(0, bytes.length - MAX_BYTES)).toString('base64');
  }
}
