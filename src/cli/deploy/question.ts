// A question to whoever typed the command. Nothing but yes is yes: neither another word nor an input that has ended.
import { createInterface } from 'node:readline/promises';

export interface Asking {
  readonly input: NodeJS.ReadableStream;
  readonly errors: NodeJS.WritableStream;
}

/** Whether the answer is yes. */
export async function confirmed(question: string, { input, errors }: Asking): Promise<boolean> {
  const lines = createInterface({ input, output: errors, terminal: false });
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  const answer = await Promise.race([lines.question(`${question} [y/N] `), ended]);
  lines.close();
  return /^\s*y(?:es)?\s*$/i.test(answer);
}
