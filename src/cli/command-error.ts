// A command could not do its work; the message is a sentence for whoever typed it. Exit code 1.

export class CommandError extends Error {}
