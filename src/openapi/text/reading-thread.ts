// What a thread of reading-threads.ts runs: one text, one answer.
import { parentPort, workerData } from 'node:worker_threads';
import { DefinitionError } from '../definition.ts';
import { flatTreeOf } from './flat-tree.ts';
import { readText } from './read-text.ts';
import type { Reading } from './reading-threads.ts';

function readingOf(text: string): Reading {
  try {
    return { tree: flatTreeOf(readText(text)) };
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    const { message, offset, detail } = error;
    return { refusal: { message, offset, detail } };
  }
}

const reading = readingOf(workerData as string);
parentPort!.postMessage(reading, 'tree' in reading ? [reading.tree.marks.buffer] : []);
