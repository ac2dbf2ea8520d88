// What is wrong with a SAM template (spec/definitions.md §8.11).
import { TemplateError } from '../finding.ts';
import { isList, isMap, stringOf, type Tree, type TreeList, type TreeMap } from './editing.ts';

/** One sentence. The expansion goes on with the next resource, to find more. */
export class Invalid extends Error {
  /** Of the value that is wrong. */
  readonly offset: number | undefined;
  readonly logicalId: string | undefined;

  constructor(text: string, offset?: number, logicalId?: string) {
    super(text);
    this.offset = offset;
    this.logicalId = logicalId;
  }
}

/** Sentences of an event do not name whose it is: `namingOwner` adds it. */
export class InvalidEvent extends Invalid {}

/** What ends the expansion at once: only these are told. */
export class InvalidDocument extends Error {
  readonly causes: readonly Invalid[];

  constructor(causes: readonly Invalid[]) {
    super(causes.map(({ message }) => message).join(' '));
    this.causes = causes;
  }
}

/** Makes the error of one thing out of a sentence. */
export type Blame = (text: string, at?: Tree) => Invalid;

/** Of a resource, which stands at `offset`. */
export function blameResource(logicalId: string, offset?: number): Blame {
  return (text, at) =>
    new Invalid(`Resource with id [${logicalId}] is invalid. ${text}`, at?.offset ?? offset, logicalId);
}

export function blameEvent(eventId: string, offset?: number): Blame {
  return (text, at) =>
    new InvalidEvent(`Event with id [${eventId}] is invalid. ${text}`, at?.offset ?? offset);
}

/** Sentences of events name whose they are too. */
export function namingOwner<T>(
  { logicalId, offset }: { readonly logicalId: string; readonly offset: number },
  run: () => T,
): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error;
    throw blameResource(logicalId, error.offset ?? offset)(error.message);
  }
}

/** The structure of the template is wrong: this ends the expansion. */
export function invalidStructure(text: string, at?: Tree): InvalidDocument {
  return new InvalidDocument([structureSentence(text, at)]);
}

export function structureSentence(text: string, at?: Tree): Invalid {
  return new Invalid(`Structure of the SAM template is invalid. ${text}`, at?.offset);
}

export function expectMap(tree: Tree | undefined, path: string, blame: Blame, text?: string): TreeMap {
  if (isMap(tree)) return tree;
  throw blame(text ?? `Property '${path}' should be a map.`, tree);
}

export function expectList(tree: Tree | undefined, path: string, blame: Blame): TreeList {
  if (isList(tree)) return tree;
  throw blame(`Property '${path}' should be a list.`, tree);
}

export function expectString(tree: Tree | undefined, path: string, blame: Blame): string {
  const text = stringOf(tree);
  if (text === undefined) throw blame(`Property '${path}' should be a string.`, tree);
  return text;
}

export function expectStrings(tree: Tree | undefined, path: string, blame: Blame): string[] {
  return expectList(tree, path, blame).items.map((item, at) => expectString(item, `${path}[${at}]`, blame));
}

export function expectBoolean(tree: Tree | undefined, path: string, blame: Blame): boolean {
  if (tree?.kind === 'scalar' && typeof tree.value === 'boolean') return tree.value;
  throw blame(`Property '${path}' should be a boolean.`, tree);
}

/** All errors of an expansion: a finding for each, and CloudFormation's one text (§8.11.1). */
export function samTemplateError(causes: readonly Invalid[]): TemplateError {
  const different = [...new Map(causes.map((cause) => [cause.message, cause])).values()];
  const sentences = different.map(({ message }) => message);
  return new TemplateError(
    different.map(({ message, offset, logicalId }) => ({
      severity: 'error',
      text: message,
      offset,
      logicalId,
    })),
    [
      'Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document.',
      `Number of errors found: ${different.length}.`,
      ...sentences,
    ].join(' '),
  );
}
