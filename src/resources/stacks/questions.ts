// What a deploy asks of others than the store (spec/definitions.md §11.2.3). A transaction waits for nobody: inside, what is known is
// answered, and what is not is noted, answered between two rounds, and found the next time.
import type { LocatedCode } from '../../functions/code/code-source.ts';
import type { Definition } from '../../openapi/definition.ts';
import { readText } from '../openapi/read-import.ts';
import type { Outside, TruststoreReading } from '../outside.ts';

type Answer = { readonly value: unknown } | { readonly refusal: unknown };

export class Questions {
  readonly #answers = new Map<string, Answer>();
  readonly #open = new Map<string, () => Promise<unknown>>();
  readonly #files = new Set<string>();

  /** What has been answered; undefined while it has not been, and whoever asks goes on as well as it can. Throws what the answer
   *  was thrown as. */
  ask<A>(question: string, answer: () => Promise<A>): A | undefined {
    const known = this.#answers.get(question);
    if (known === undefined) {
      this.#open.set(question, answer);
      return undefined;
    }
    if ('refusal' in known) throw known.refusal;
    return known.value as A;
  }

  /** Notes a file that only whoever deploys can read. Absolute. */
  needFile(path: string): void {
    this.#files.add(path);
  }

  get files(): readonly string[] {
    return [...this.#files];
  }

  /** Whether a round that ended has to be run again. */
  get areOpen(): boolean {
    return this.#open.size > 0 || this.#files.size > 0;
  }

  /** Answers what nobody but others can, for the next round. */
  async answer(): Promise<void> {
    const open = [...this.#open];
    this.#open.clear();
    await Promise.all(
      open.map(async ([question, ask]) => {
        try {
          this.#answers.set(question, { value: await ask() });
        } catch (refusal) {
          this.#answers.set(question, { refusal });
        }
      }),
    );
  }
}

/** The outside of rules inside a transaction. */
export function outsideFrom(
  questions: Questions,
  { checkIssuer, readTruststore, locateCode }: Outside,
): Outside {
  return {
    checkIssuer:
      checkIssuer &&
      (async (issuer) => {
        questions.ask(`issuer ${issuer}`, () => checkIssuer(issuer));
      }),
    readTruststore:
      readTruststore &&
      (async (uri, version): Promise<TruststoreReading> =>
        questions.ask(`truststore ${JSON.stringify([uri, version])}`, () => readTruststore(uri, version)) ?? {
          warnings: [],
        }),
    locateCode:
      locateCode &&
      (async (source): Promise<LocatedCode> =>
        questions.ask(`code ${JSON.stringify(source)}`, () => locateCode(source)) ?? NOT_LOCATED),
    readDefinition: async (text, means): Promise<Definition> =>
      questions.ask(`definition ${JSON.stringify(means)} ${text}`, () => readText(text, means)) ?? NOT_READ,
  };
}

/** Of a round that is run again. */
const NOT_READ: Definition = {
  api: { Name: 'not read yet' },
  apiOffset: 0,
  cors: undefined,
  tags: [],
  authorizers: [],
  operations: [],
  info: [],
  warnings: [],
  schemas: {},
};

/** Of a round that is run again. */
const NOT_LOCATED: LocatedCode = { code: undefined, missing: 'elsewhere', reason: '' };
