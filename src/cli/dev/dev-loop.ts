// Deploys, and deploys again when something changes of what the deploy read (spec/definitions.md §12.2): changes while one runs are one
// more deploy after it. What fails is told, and leaves what was there running.
import { stat } from 'node:fs/promises';
import type { DeployAnswer, Endpoint } from '../../definitions/deploy-answer.ts';
import type { DeployRequest, StackPlace } from '../../definitions/deploy-request.ts';
import { type FileWatch, watchFiles } from '../../functions/watch-files.ts';
import { filesOfDefinition, MADE_EXTENSIONS } from '../../sources/definition-files.ts';
import { deployWithFiles } from '../../sources/needed-files.ts';
import {
  type DefinitionOptions,
  readStackRequests,
  type StackRequest,
} from '../../sources/stack-requests.ts';
import { CommandError } from '../command-error.ts';
import { isSentence } from '../deploy/deploy-at-start.ts';
import type { Paint } from '../terminal.ts';
import type { Build } from './build.ts';
import { DevPrinter } from './print-dev.ts';

/** A change within so long of another is one with it. */
export const QUIET_MILLIS = 100;
/** Times of files are those of the system's last tick. */
const TICK_MILLIS = 20;

export interface DevLoopMeans {
  readonly definition: DefinitionOptions;
  readonly asked: Pick<DeployRequest, 'strict' | 'notes'>;
  readonly deploy: (request: DeployRequest, place: StackPlace) => Promise<DeployAnswer>;
  /** Comes before a deploy. */
  readonly build: Build | undefined;
  /** Everything is deployed. */
  readonly onDeployed: (endpoints: readonly Endpoint[]) => void;
  readonly output: { write(text: string): unknown };
  readonly paint: Paint;
}

export class DevLoop {
  readonly #means: DevLoopMeans;
  readonly #printer: DevPrinter;
  /** Paths that servers have asked for. */
  #needed: ReadonlySet<string> = new Set();
  #watch: FileWatch | undefined;
  #running: Promise<void> | undefined;
  #due: 'deploy' | 'build' | undefined;
  /** When the last deploy began, in epoch milliseconds: what was saved before is in it. */
  #startedAt = 0;
  /** What would be deployed is not what the command would make. */
  #isUnbuilt: boolean;
  #closed = false;

  constructor(means: DevLoopMeans) {
    this.#means = means;
    this.#printer = new DevPrinter(means.paint, means.definition.cwd);
    this.#isUnbuilt = means.build !== undefined;
  }

  /** Deploys once, after what runs. Resolves when nothing is left to do. */
  changed(): Promise<void> {
    this.#due ??= 'deploy';
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** The same, with a build before. */
  sourcesChanged(): Promise<void> {
    this.#due = 'build';
    return this.changed();
  }

  /** What is being deployed comes to its end. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#watch?.close();
    this.#means.build?.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { build } = this.#means;
    while (this.#due !== undefined && !this.#closed) {
      if (build !== undefined && (this.#due === 'build' || this.#isUnbuilt)) {
        this.#due = undefined;
        this.#isUnbuilt = !(await build.run());
        if (this.#isUnbuilt) continue;
      }
      this.#due = undefined;
      this.#startedAt = Date.now();
      await this.#deploy();
      await this.#follow();
    }
  }

  async #deploy(): Promise<void> {
    const { definition, output, paint, onDeployed } = this.#means;
    const endpoints: Endpoint[] = [];
    const needed = new Set<string>();
    try {
      for (const stack of await readStackRequests(definition)) {
        const found = await this.#deployStack(stack, needed);
        if (found === undefined) return;
        endpoints.push(...found);
      }
      this.#needed = needed;
      onDeployed(endpoints);
    } catch (error) {
      if (!isSentence(error) && !(error instanceof CommandError)) throw error;
      output.write(`${paint.red('error')}    ${error.message}\n`);
    }
  }

  /** Undefined for what is refused. */
  async #deployStack(
    { request, ...place }: StackRequest,
    needed: Set<string>,
  ): Promise<readonly Endpoint[] | undefined> {
    const { definition, asked, deploy, output } = this.#means;
    const ask = (each: DeployRequest): Promise<DeployAnswer> => {
      for (const path of Object.keys(each.files ?? {})) needed.add(path);
      // Whatever comes of it: what is wrong may be in one of them.
      this.#needed = new Set([...this.#needed, ...needed]);
      return deploy(each, place);
    };
    const report = await deployWithFiles({ ...request, ...asked, redeploy: true }, ask, definition.cwd);
    output.write(this.#printer.textOf(report));
    return report.outcome === 'refused' ? undefined : report.endpoints;
  }

  /** Watches what there is to watch now. What was saved while the deploy ran counts, too. */
  async #follow(): Promise<void> {
    const own = await filesOfDefinition(this.#means.definition);
    const files = [...new Set([...own, ...this.#needed])];
    const before = this.#watch;
    this.#watch = await watchFiles(
      files,
      { extensions: MADE_EXTENSIONS, quietMillis: QUIET_MILLIS },
      (paths) => void this.#onSaved([...paths]),
    );
    before?.close();
    if (this.#closed) this.#watch.close();
    if (await this.#areNew(files, false)) this.#due ??= 'deploy';
  }

  async #onSaved(paths: readonly string[]): Promise<void> {
    if (await this.#areNew(paths, true)) await this.changed();
  }

  /** Whether one of them has changed since the last deploy began, or is `gone` now and that counts. */
  async #areNew(paths: readonly string[], gone: boolean): Promise<boolean> {
    const found = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
    return found.some((each) => {
      if (each === undefined) return gone;
      return each.isFile() && each.ctimeMs > this.#startedAt - TICK_MILLIS;
    });
  }
}
