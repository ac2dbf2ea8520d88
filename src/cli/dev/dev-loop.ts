// Deploys, and deploys again when something changes of what the deploy read (spec/definitions.md §12.2): changes while one runs are one
// more deploy after it. What fails is told, and leaves what was there running.
import { stat } from 'node:fs/promises';
import type { DeployAnswer } from '../../definitions/deploy-answer.ts';
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
import { DevPrinter } from './print-dev.ts';

/** A change within so long of another is one with it. */
const QUIET_MILLIS = 100;

export interface DevLoopMeans {
  readonly definition: DefinitionOptions;
  readonly asked: Pick<DeployRequest, 'strict' | 'notes'>;
  readonly deploy: (request: DeployRequest, place: StackPlace) => Promise<DeployAnswer>;
  readonly output: { write(text: string): unknown };
  readonly paint: Paint;
}

export class DevLoop {
  readonly #means: DevLoopMeans;
  readonly #printer: DevPrinter;
  /** Of the last deploy that came so far: what a server asked for. */
  #needed: readonly string[] = [];
  #watch: FileWatch | undefined;
  #running: Promise<void> | undefined;
  #isDue = false;
  #closed = false;

  constructor(means: DevLoopMeans) {
    this.#means = means;
    this.#printer = new DevPrinter(means.paint, means.definition.cwd);
  }

  /** Deploys once, after what runs. Resolves when nothing is left to do. */
  changed(): Promise<void> {
    this.#isDue = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** What runs comes to its end. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#watch?.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isDue && !this.#closed) {
      this.#isDue = false;
      const startedAt = Date.now();
      await this.#deploy();
      await this.#watchFrom(startedAt);
    }
  }

  async #deploy(): Promise<void> {
    const { definition, output } = this.#means;
    const needed = new Set<string>();
    try {
      for (const stack of await readStackRequests(definition)) {
        if (!(await this.#deployStack(stack, needed))) return;
      }
      this.#needed = [...needed];
    } catch (error) {
      if (!isSentence(error) && !(error instanceof CommandError)) throw error;
      output.write(`${this.#means.paint.red('error')}    ${error.message}\n`);
    }
  }

  /** Returns whether it is there now. */
  async #deployStack({ request, ...place }: StackRequest, needed: Set<string>): Promise<boolean> {
    const { definition, asked, deploy, output } = this.#means;
    const report = await deployWithFiles(
      { ...request, ...asked, redeploy: true },
      (each) => {
        for (const path of Object.keys(each.files ?? {})) needed.add(path);
        this.#needed = [...new Set([...this.#needed, ...needed])];
        return deploy(each, place);
      },
      definition.cwd,
    );
    output.write(this.#printer.textOf(report));
    return report.outcome !== 'refused';
  }

  /** What is saved from `startedAt` on counts: the watch of files that were not known before begins only now. */
  async #watchFrom(startedAt: number): Promise<void> {
    const own = await filesOfDefinition(this.#means.definition);
    const files = [...new Set([...own, ...this.#needed])];
    const before = this.#watch;
    if (this.#closed) return;
    this.#watch = await watchFiles(
      files,
      { extensions: MADE_EXTENSIONS, quietMillis: QUIET_MILLIS },
      () => void this.changed(),
    );
    before?.close();
    if (this.#closed) this.#watch.close();
    const times = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
    if (times.some((found) => found?.isFile() === true && found.mtimeMs > startedAt)) this.#isDue = true;
  }
}
