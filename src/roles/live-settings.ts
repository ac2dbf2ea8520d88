// Which settings change while the program runs, and which need a restart (docs/reference/settings.md). A change is all or
// nothing: whatever may fail is tried before anything is different.
import { isDeepStrictEqual } from 'node:util';
import type { SectionName } from '../settings/sections.ts';
import type { Settings } from '../settings/settings.ts';

/** A setting by its key in the configuration file. */
export type SettingKey = SectionName | Exclude<keyof Settings, 'sections'>;

/** How a running part of the program takes another value of a setting. */
export interface LivePart {
  /** Throws what is wrong with the value. */
  prepare?(next: Settings): void | Promise<void>;
  /** Never throws: requests that are running end as they began. */
  apply(next: Settings): void;
}

export type LiveParts = { readonly [K in SettingKey]?: LivePart };

export interface Reloaded {
  /** Settings that are different now. */
  readonly changed: readonly string[];
  /** Settings that are different in the file, and will be after a restart. */
  readonly needRestart: readonly string[];
}

export class LiveSettings {
  #running: Settings;
  readonly #roles: readonly LiveParts[];
  readonly #afterwards: () => Promise<void>;
  #turn: Promise<unknown> = Promise.resolve();

  /** Each of `roles` takes what is its own. `afterwards` makes live what has been applied. */
  constructor(running: Settings, roles: readonly LiveParts[], afterwards: () => Promise<void>) {
    this.#running = running;
    this.#roles = roles;
    this.#afterwards = afterwards;
  }

  /** Those in force. */
  get running(): Settings {
    return this.#running;
  }

  /** Takes over what may change. Throws what is wrong, and nothing is different then. */
  take(next: Settings): Promise<Reloaded> {
    const taken = this.#turn.then(async () => (await this.prepare(next))());
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  /** The first half of `take`, for who has others to ask: tries what may fail. What it returns takes over. */
  async prepare(next: Settings): Promise<() => Promise<Reloaded>> {
    const different = keysOf(next).filter(
      (key) => !isDeepStrictEqual(settingOf(this.#running, key), settingOf(next, key)),
    );
    const live = different.filter((key) => this.#partsOf(key).length > 0);
    // A part may take several settings.
    const parts = new Set(live.flatMap((key) => this.#partsOf(key)));
    for (const part of parts) await part.prepare?.(next);
    return async () => {
      this.#running = withThose(live, this.#running, next);
      for (const part of parts) part.apply(next);
      if (live.length > 0) await this.#afterwards();
      const needRestart = different.filter((key) => !live.includes(key));
      return { changed: live, needRestart: needRestart.flatMap(namesOf) };
    };
  }

  #partsOf(key: SettingKey): readonly LivePart[] {
    return this.#roles.flatMap((parts) => parts[key] ?? []);
  }
}

function keysOf({ sections, ...settings }: Settings): SettingKey[] {
  return [...Object.keys(settings), ...Object.keys(sections)] as SettingKey[];
}

function isSection(settings: Settings, key: SettingKey): key is SectionName {
  return key in settings.sections;
}

function settingOf(settings: Settings, key: SettingKey): unknown {
  return isSection(settings, key) ? settings.sections[key] : settings[key];
}

/** The settings with some of those of others. */
function withThose(keys: readonly SettingKey[], settings: Settings, others: Settings): Settings {
  const entries = (wanted: boolean) =>
    Object.fromEntries(
      keys.filter((key) => isSection(settings, key) === wanted).map((key) => [key, settingOf(others, key)]),
    );
  return { ...settings, ...entries(false), sections: { ...settings.sections, ...entries(true) } };
}

/** What the configuration file calls it. */
function namesOf(key: SettingKey): readonly string[] {
  return key === 'doors' ? ['listen', 'management', 'gateway'] : [key];
}
