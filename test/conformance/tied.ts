// Ties tests to the sections of spec/websocket-api.md that they show.
import type { Elsewhere } from './elsewhere.ts';

/** `sections`: `1.1.1; 7.4 reason: lost`. */
export type Tie = (test: string, sections: string) => Elsewhere;

/** Of the tests of a file. */
export const testsOf =
  (file: string): Tie =>
  (test, sections) => ({ statements: sections.split('; ').map((section) => `ws §${section}`), file, test });

/** The same for `test/end-to-end/NAME.test.ts`. */
export const endToEnd = (name: string): Tie => testsOf(`test/end-to-end/${name}.test.ts`);
