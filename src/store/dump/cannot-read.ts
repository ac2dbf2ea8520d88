/** What is wrong with an export of a store, as the end of a sentence. */
export class CannotRead extends Error {}
