// The suites of others, as data beside the project: `../shared/corpus`. They are not part of it; where they are absent, the
// tests of this folder say so and skip.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url));

export class Suite {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Names in a folder of the suite, those of folders too. */
  list(folder = ''): string[] {
    return readdirSync(join(this.#folder, folder)).sort();
  }

  bytes(name: string): Buffer {
    return readFileSync(join(this.#folder, name));
  }

  text(name: string): string {
    return this.bytes(name).toString('utf8');
  }

  json<T>(name: string): T {
    return JSON.parse(this.text(name)) as T;
  }
}

/** A test that runs on a suite's data. */
export function suiteTest(
  name: string,
  folder: string,
  run: (suite: Suite, t: TestContext) => unknown,
): void {
  const path = join(CORPUS, folder);
  const skip = existsSync(path) ? false : `skipped: no corpus (${path} is not there)`;
  test(name, { skip }, async (t) => {
    await run(new Suite(path), t);
  });
}

/** Counts cases and compares those that differ with those that are expected to. */
export class Tally {
  #ran = 0;
  readonly #differing: string[] = [];

  case(name: string, isAsTheSuiteSays: boolean): void {
    this.#ran++;
    if (!isAsTheSuiteSays) this.#differing.push(name);
  }

  /** Names that differ without being expected to, and those expected that do not; and prints the count. */
  surprises(t: TestContext, expected: Readonly<Record<string, string>>): readonly string[] {
    t.diagnostic(`${this.#ran} cases, ${this.#differing.length} of them differ as expected`);
    const names = Object.keys(expected);
    return [
      ...this.#differing.filter((name) => !names.includes(name)).map((name) => `differs: ${name}`),
      ...names.filter((name) => !this.#differing.includes(name)).map((name) => `does not differ: ${name}`),
      ...(this.#ran === 0 ? ['there are no cases'] : []),
    ];
  }
}
