/** What a call was refused with: the sentence of the server, or why there was no answer. */
export class CallError extends Error {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** AWS's name of the error: `BadRequestException`; '' when there was no answer. */
  readonly code: string;

  constructor(message: string, status: number, code: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The sentence of anything that was thrown. */
export const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
