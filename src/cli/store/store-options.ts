// What `postern store` takes, by what it is asked to do.
import { type FlagOption, SETTINGS } from '../command-options.ts';

export const STORE_ACTIONS = ['export', 'import', 'upgrade', 'restored'] as const;

export type StoreAction = (typeof STORE_ACTIONS)[number];

const PLACE: readonly FlagOption[] = SETTINGS.filter(({ flag }) =>
  ['config', 'data', 'store'].includes(flag),
);

const OUTPUT: FlagOption = {
  flag: 'output',
  short: 'o',
  placeholder: 'FILE',
  about: 'export: the file to write; standard output without it',
};
const CHECK: FlagOption = { flag: 'check', about: 'upgrade: print the statements, and run none' };
const COPY: FlagOption = { flag: 'copy', about: 'restored: the original goes on beside it' };

export const STORE_OPTIONS: readonly FlagOption[] = [OUTPUT, CHECK, COPY, ...PLACE];

/** Of each action, besides those that say where the store is. */
export const OWN_OPTIONS: { readonly [A in StoreAction]: readonly string[] } = {
  export: ['output'],
  import: [],
  upgrade: ['check'],
  restored: ['copy'],
};
