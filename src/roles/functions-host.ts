// The functions host: the local functions, which a data plane and the Invoke API call by the contract of every function.
import type { LocalFinder } from '../backends/lambda/lambda-functions.ts';
import { ConfiguredFunctions } from '../functions/configured-functions.ts';
import { environmentOfProcess } from '../settings/settings.ts';
import { openAll, type Role, type RoleMeans } from './role.ts';

/** What other roles ask of the functions host. */
export interface FunctionsLink extends LocalFinder {
  /** Those that are configured, by name or ARN. */
  readonly names: readonly string[];
}

export interface FunctionsHost extends Role {
  readonly functions: FunctionsLink;
}

export function openFunctionsHost({ settings, log }: RoleMeans): Promise<FunctionsHost> {
  return openAll(async (opened) => {
    const { region, sections } = settings;
    const functions = new ConfiguredFunctions({ region, environment: environmentOfProcess(), log });
    opened.push((deadlineMillis) => functions.close(deadlineMillis));
    await functions.prepare(sections.functions);
    functions.replace(sections.functions);
    return {
      functions,
      live: {
        functions: {
          prepare: (next) => functions.prepare(next.sections.functions),
          apply: (next) => functions.replace(next.sections.functions),
        },
      },
      close: (deadlineMillis) => opened.close(deadlineMillis),
    };
  });
}
