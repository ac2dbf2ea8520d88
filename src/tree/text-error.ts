/** A text that no tree can be made of. What is to be said of it, and how, is up to whoever wanted the tree. */
export class TextError extends Error {
  readonly offset: number;
  /** What exactly is wrong, for people. */
  readonly detail: string;
  /** Whether it is too large to be read at all. */
  readonly isTooLarge: boolean;

  constructor(offset: number, detail: string, isTooLarge = false) {
    super(detail);
    this.offset = offset;
    this.detail = detail;
    this.isTooLarge = isTooLarge;
  }
}
