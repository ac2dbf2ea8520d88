/** What a call was refused with: the sentence of the server, or why there was no answer. */
export class CallError extends Error {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** AWS's name of the error: `BadRequestException`; '' when there was no answer. */
  readonly code: string;
  /** When the server said so, in epoch milliseconds by its clock; undefined when there was no answer. */
  readonly at: number | undefined;

  constructor(message: string, status: number, code: string, at?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.at = at;
  }
}

/** The sentence of anything that was thrown. */
export const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
