// A definition that is there, but cannot be read as what it is; the message is a sentence for whoever named it.

export class SourceError extends Error {}
