// Reads the configuration again, on SIGHUP and when its file has changed, and says what became of it.
import { readFile } from 'node:fs/promises';
import { WatchedFiles } from '../net/tls/watched-files.ts';
import type { Log } from '../telemetry/log.ts';
import { UsageError } from './usage-error.ts';

export interface ConfigReloadMeans<S> {
  /** The settings that flags, environment and configuration file come to. Throws UsageError. */
  readonly read: () => Promise<S>;
  /** Takes over what may change while the program runs. Throws an Error whose message is a sentence. */
  readonly take: (
    settings: S,
  ) => Promise<{ readonly changed: readonly string[]; readonly needRestart: readonly string[] }>;
  /** Absolute path of the configuration file; undefined without one. */
  readonly file: string | undefined;
  readonly log: Log;
}

export class ConfigReload<S> {
  readonly #means: ConfigReloadMeans<S>;
  readonly #watched: WatchedFiles | undefined;
  #text: string | undefined;
  #turn: Promise<void>;

  constructor(means: ConfigReloadMeans<S>) {
    this.#means = means;
    const { file } = means;
    this.#turn = this.#remember();
    if (file !== undefined) this.#watched = new WatchedFiles([file], () => this.#fileChanged());
  }

  /** On SIGHUP: files that the configuration names may have changed without it. */
  reload(): void {
    this.#inTurn(() => this.#reload());
  }

  close(): void {
    this.#watched?.close();
  }

  /** Something in the file's directory has. */
  #fileChanged(): void {
    this.#inTurn(async () => {
      const before = this.#text;
      await this.#remember();
      if (this.#text !== before) await this.#reload();
    });
  }

  async #remember(): Promise<void> {
    const { file } = this.#means;
    if (file !== undefined) this.#text = await readFile(file, 'utf8').catch(() => undefined);
  }

  #inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work);
  }

  async #reload(): Promise<void> {
    const { read, take, file, log } = this.#means;
    try {
      await this.#remember();
      // Who writes a file empties it first: nothing at all would also mean that anybody may call.
      if (file !== undefined && this.#text?.trim() === '') throw new UsageError(`The file ${file} is empty.`);
      const { changed, needRestart } = await take(await read());
      if (needRestart.length > 0) {
        const reason = `${needRestart.join(', ')}: a change there needs a restart; until then the value before holds`;
        log('config.partly-reloaded', { changed, needRestart, reason });
      } else {
        log(changed.length > 0 ? 'config.reloaded' : 'config.unchanged', { changed });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log('config.refused', { reason });
    }
  }
}
