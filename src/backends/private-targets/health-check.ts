// Active health checks of private targets: a target that fails several in a row gets no requests until it passes again.
import type { RequestOptions } from 'node:http';
import { connect } from 'node:net';
import type { HealthCheckSettings } from './settings.ts';
import type { Target, TargetGroup } from './target-group.ts';

export interface HealthMeans {
  /** Hears of each change. `why` is set for a target that became unhealthy. */
  readonly onChange: (target: Target, why: string | undefined) => void;
}

/** Checks the targets of a group until it is stopped. */
export class HealthChecker {
  readonly #group: TargetGroup;
  readonly #settings: HealthCheckSettings;
  readonly #means: HealthMeans;
  readonly #inARow = new WeakMap<Target, number>();
  readonly #running = new Set<Target>();
  readonly #timer: NodeJS.Timeout;

  constructor(group: TargetGroup, settings: HealthCheckSettings, means: HealthMeans) {
    this.#group = group;
    this.#settings = settings;
    this.#means = means;
    this.#timer = setInterval(() => this.#checkAll(), settings.intervalMillis);
    this.#timer.unref();
    group.onceResolved(() => this.#checkAll());
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #checkAll(): void {
    for (const target of this.#group.targets) {
      if (this.#running.has(target)) continue;
      this.#running.add(target);
      check(target, this.#settings, (why) => {
        this.#running.delete(target);
        this.#count(target, why);
      });
    }
  }

  #count(target: Target, why: string | undefined): void {
    const passed = why === undefined;
    if (passed === target.isHealthy) {
      this.#inARow.delete(target);
      return;
    }
    const count = (this.#inARow.get(target) ?? 0) + 1;
    const { healthyThreshold, unhealthyThreshold } = this.#settings;
    if (count < (passed ? healthyThreshold : unhealthyThreshold)) {
      this.#inARow.set(target, count);
      return;
    }
    this.#inARow.delete(target);
    target.isHealthy = passed;
    this.#means.onChange(target, why);
  }
}

/** One check. `done` hears once: undefined when it passed, else why not. */
function check(target: Target, settings: HealthCheckSettings, done: (why: string | undefined) => void): void {
  const { host, port } = target;
  const { protocol, path, timeoutMillis } = settings;
  let isOver = false;
  const over = (why: string | undefined): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(deadline);
    connection.destroy();
    done(why);
  };
  const deadline = setTimeout(() => over(`no answer within ${timeoutMillis} ms`), timeoutMillis);
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    host,
    port,
    path,
    agent: false,
    headers: { 'User-Agent': 'ELB-HealthChecker/2.0' },
    // As load balancers do: a check asks whether the target answers, not who it is.
    rejectUnauthorized: false,
  };
  const connection =
    protocol === 'tcp'
      ? connect({ host, port }, () => over(undefined))
      : process.getBuiltinModule(protocol === 'http' ? 'node:http' : 'node:https').get(options, (reply) => {
          const { statusCode = 0 } = reply;
          over(statusCode >= 200 && statusCode < 400 ? undefined : `status ${statusCode}`);
        });
  connection.on('error', (error) => over(error.message));
}
