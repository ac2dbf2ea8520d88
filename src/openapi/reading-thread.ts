// What a thread of reading-threads.ts runs: texts, one after the other, and an answer for each.
import { parentPort } from 'node:worker_threads';
import { DefinitionError } from './definition.ts';
import { readDefinition } from './read-definition.ts';
import { readTree } from './read-tree.ts';
import type { Reading, ThreadData } from './reading-threads.ts';
import { sentDefinition } from './sent-definition.ts';

function readingOf({ text, means }: ThreadData): Reading {
  try {
    return { definition: sentDefinition(readDefinition(readTree(text), means)) };
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    const { message, offset, detail } = error;
    return { refusal: { message, offset, detail } };
  }
}

parentPort!.on('message', (asked: ThreadData) => parentPort!.postMessage(readingOf(asked)));
