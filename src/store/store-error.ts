// What can be wrong with a store from the outside, as a sentence for the person who runs the program.

export type StoreProblem =
  | 'directory' // it cannot be made, read or written
  | 'locked' // another process has it open, or holds it for a moment
  | 'newer' // a newer version of the program made it
  | 'foreign' // the file is something else
  | 'corrupt'
  | 'full' // its disk is
  | 'io' // its disk fails
  | 'write' // a commit failed; nothing of it was kept
  | 'unreachable' // its server is, or was when it mattered; nothing was kept
  | 'unknown' // the server went away while it committed: nobody knows yet whether it did
  | 'refused' // its server does not let us in, or is none that will do
  | 'behind' // what follows it has not caught up in time
  | 'closed';

/** `message` says what happened and what to do about it. */
export class StoreError extends Error {
  readonly problem: StoreProblem;

  constructor(problem: StoreProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.problem = problem;
  }
}
