/** Text that is not in its little language. The message is AWS's own, whole. */
export class GrammarError extends Error {}
