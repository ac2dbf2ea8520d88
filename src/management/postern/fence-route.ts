// GET /_postern/fence: waits until a change is live on every node (docs/guide/production.md). GET /_postern/snapshot-digest: what is live here,
// as one text to compare. Both are there in a process by itself as well, so that whoever deploys need not know which it is.
import { badRequest } from '../../wire/errors.ts';
import { jsonReply, type PosternRoutes } from './postern-routes.ts';

/** How far a node has come. */
export interface NodeProgress {
  readonly node: number;
  /** What people call it. */
  readonly name: string;
  /** The newest change that is live on all its workers, as far as is known here. */
  readonly live: number;
}

export interface FenceMeans {
  /** Resolves once a change is live on every node, or after `millis`, or when `gone` says that nobody waits: how each stands then. */
  readonly reached: (change: number, millis: number, gone: AbortSignal) => Promise<readonly NodeProgress[]>;
  readonly digest: () => Promise<string>;
}

const DEFAULT_SECONDS = 30;
const MOST_SECONDS = 300;

export function fenceRoutes({ reached, digest }: FenceMeans): PosternRoutes {
  return {
    'GET /_postern/fence': async ({ query, exchange }) => {
      const given = new URLSearchParams(query);
      const change = wholeNumber(given.get('change') ?? '', Number.MAX_SAFE_INTEGER);
      if (change === undefined) {
        throw badRequest('change is the number that x-postern-change of an answer says, such as ?change=12');
      }
      const seconds = wholeNumber(given.get('seconds') ?? String(DEFAULT_SECONDS), MOST_SECONDS);
      if (seconds === undefined) throw badRequest(`seconds is a whole number up to ${MOST_SECONDS}`);
      const gone = new AbortController();
      exchange.aborter = gone;
      const nodes = await reached(change, seconds * 1_000, gone.signal);
      const behind = nodes.filter(({ live }) => live < change);
      if (behind.length === 0) return jsonReply(200, { change, nodes });
      const names = behind.map(({ node, name, live }) => `node ${node} (${name}), which is at ${live}`);
      return jsonReply(504, {
        message: `Change ${change} is not live on ${names.join(', ')}.`,
        change,
        nodes,
      });
    },
    'GET /_postern/snapshot-digest': async () => jsonReply(200, { digest: await digest() }),
  };
}

function wholeNumber(text: string, most: number): number | undefined {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return number <= most ? number : undefined;
}
