// What every destination of access logs can do.

export interface Destination {
  /** Takes a line at once, or counts it as lost. */
  write(line: string, epochMillis: number): void;
  /** Lines lost since the start. */
  readonly dropped: number;
  /** The file of that name may be another one now. */
  reopen?(): void;
  /** Passes on what waits, trying for at most `deadlineMillis`. May be called twice. */
  close(deadlineMillis: number): Promise<void>;
}
