// Parameter mapping of Lambda integrations: it acts on the event (spec/http-api.md §4.1, Choice C29).
import type { RequestChange } from '../../grammar/mapping.ts';
import { decodePercent } from '../../grammar/percent.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import { HOP_BY_HOP } from '../../net/hop-by-hop.ts';
import { scanHeaderLines } from '../../net/http1/scan.ts';
import { textOfHeader } from '../../stage/header-value.ts';
import { joined } from '../../stage/query.ts';
import { TRACE_HEADERS } from '../../stage/trace-context.ts';
import type { Call } from '../call.ts';
import { type HeaderChange, HeaderChanges } from '../mapping/header-changes.ts';
import { compilePathValue, type PathOverwrite } from '../mapping/path-value.ts';
import { changedQuery, compileQueryChanges, type QueryChange } from '../mapping/query-changes.ts';
import { readsBody, type ValueScope } from '../mapping/values.ts';
import { clientMessage, type EventMessage } from './message.ts';

const IGNORED: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'content-length']);

const FORWARDED_PORT = 'x-forwarded-port';

export class EventMapping {
  readonly readsBody: boolean;
  readonly #isEmpty: boolean;
  /** A mapping is about the headers of traces, and wins. */
  readonly #mapsTrace: boolean;
  readonly #headers: HeaderChanges;
  readonly #query: readonly QueryChange[];
  /** Its path is empty where the client's stays. */
  readonly #path: PathOverwrite | undefined;

  constructor(changes: readonly RequestChange[], scope: ValueScope) {
    this.#isEmpty = changes.length === 0;
    const headers = changes.filter((change) => change.at === 'header').map(hostOverwritten);
    this.#headers = new HeaderChanges(headers, scope, IGNORED, (name) => name);
    this.#mapsTrace = TRACE_HEADERS.some((name) => this.#headers.names.includes(name));
    this.#query = compileQueryChanges(
      changes.filter((change) => change.at === 'query'),
      scope,
    );
    const path = changes.find((change) => change.at === 'path');
    this.#path = path === undefined ? undefined : compilePathValue(path.value, scope, () => '');
    this.readsBody = changes.some((change) => change.action !== 'remove' && readsBody(change.value));
  }

  /** What the event shows of a call's request; undefined when data would make a dot segment in its path. */
  apply(call: Call): EventMessage | undefined {
    const message = clientMessage(call);
    if (this.#isEmpty) return message;
    const encodedPath = this.#path === undefined ? '' : this.#path.path(call);
    if (encodedPath === undefined) return undefined;
    const own = this.#path?.query ?? '';
    return {
      ...this.#changedHeaders(call),
      query: changedQuery(joined(typeof own === 'string' ? own : own(call), call.query), this.#query, call),
      path: encodedPath === '' ? message.path : (decodePercent(encodedPath) ?? encodedPath),
      encodedPath: encodedPath === '' ? message.encodedPath : encodedPath,
      trace: this.#mapsTrace ? undefined : message.trace,
    };
  }

  #changedHeaders(call: Call): Pick<EventMessage, 'headers' | 'forwardedPort'> {
    const { headers } = call.exchange;
    const { drops, lines } = this.#headers.apply(call);
    if (lines === '' && !drops.includes(true)) return { headers };
    const { names } = this.#headers;
    const kept = headers.pairs().filter((_, i, all) => {
      const index = names.indexOf(all[i - (i % 2)]!.toLowerCase());
      return index < 0 || drops[index] !== true;
    });
    const added = parseLines(lines);
    const port = added.first(FORWARDED_PORT);
    return {
      headers: HeaderBlock.fromPairs([...kept, ...added.pairs()]),
      forwardedPort: port === undefined ? undefined : textOfHeader(port),
    };
  }
}

/** `append:header.host` behaves as overwrite (Choice C39), and a request always has a host. */
function hostOverwritten(change: HeaderChange): HeaderChange {
  if (change.name.toLowerCase() !== 'host') return change;
  return change.action === 'remove' ? { ...change, name: 'connection' } : { ...change, action: 'overwrite' };
}

function parseLines(lines: string): HeaderBlock {
  const spans: number[] = [];
  scanHeaderLines(`${lines}\r\n`, 0, spans);
  return new HeaderBlock(`${lines}\r\n`, spans, lines.length);
}
