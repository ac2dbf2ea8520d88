// A definition's text → its tree, where what is wrong with the text is said in the words of an import (Choices O6, O8).
import type { Node } from '../tree/node.ts';
import { readText } from '../tree/read-text.ts';
import { TextError } from '../tree/text-error.ts';
import { DefinitionError } from './definition.ts';

/** The tree's root is a map. Throws DefinitionError. */
export function readTree(text: string): Node {
  try {
    return readText(text);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    if (!error.isTooLarge) throw unusable(error.offset, error.detail);
    throw new DefinitionError('The OpenAPI definition exceeds the maximum size of 6 MB', 0, error.detail);
  }
}

/** Unusable text. */
export function unusable(offset: number, detail: string): DefinitionError {
  return new DefinitionError('Invalid OpenAPI input.', offset, detail);
}
