// What rules ask of others than the store: issuers, truststores, where code is. A transaction waits for nobody, so `Rules.prepare` asks
// before it begins what `settle` asks again inside, and is answered there at once.
import type { Place } from '../config/keys.ts';
import type { CodeSource, LocatedCode } from '../functions/code/code-source.ts';
import type { Definition } from '../openapi/definition.ts';
import type { ReadMeans } from '../openapi/read-definition.ts';
import type { Store } from '../store/store.ts';

/** Questions that nobody answers are not there. */
export interface Outside {
  /** Throws the BadRequestException of an issuer whose discovery document cannot be fetched (spec/management-api.md
   *  §2.6.2). */
  readonly checkIssuer?: ((issuer: string) => Promise<void>) | undefined;
  /** Reads and judges the truststore of a domain with mutual TLS (spec/http-api.md §10.2). Throws the BadRequestException
   *  of one that cannot be used. */
  readonly readTruststore?:
    | ((uri: string, version: string | undefined) => Promise<TruststoreReading>)
    | undefined;
  /** Finds the code of a function (spec/definitions.md §7.2). */
  readonly locateCode?: ((source: CodeSource) => Promise<LocatedCode>) | undefined;
  /** Reads an OpenAPI document that is too long to be read in a transaction. Throws DefinitionError. */
  readonly readDefinition?: ((text: string, means: ReadMeans) => Promise<Definition>) | undefined;
}

export interface TruststoreReading {
  /** TruststoreWarnings of the domain. */
  readonly warnings: readonly string[];
}

/** What an operation has before its transaction. */
export interface Preparation extends Place {
  readonly store: Pick<Store, 'read'>;
  /** The same that its transaction gets. */
  readonly outside: Outside;
}

/** The outside for one operation: each question is asked once, and its answer, a refusal too, is kept. */
export function askedOnce({ checkIssuer, readTruststore, locateCode }: Outside): Outside {
  return {
    checkIssuer: checkIssuer && once(checkIssuer),
    readTruststore: readTruststore && once(readTruststore),
    locateCode: locateCode && once(locateCode),
  };
}

function once<Question extends readonly unknown[], Answer>(
  ask: (...question: Question) => Promise<Answer>,
): (...question: Question) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (...question) => {
    const key = JSON.stringify(question);
    let answer = answers.get(key);
    if (answer === undefined) {
      answer = ask(...question);
      answers.set(key, answer);
    }
    return answer;
  };
}
