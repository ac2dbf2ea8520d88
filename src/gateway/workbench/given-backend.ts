// Backends that give an answer that somebody has written, and call nobody: what drafts are tried with. Without one they tell what
// they got, as JSON, so that there is something to map.
import type { LambdaFunctions } from '../../backends/lambda-function.ts';
import type { PrivateTargets } from '../../backends/private-targets/private-targets.ts';
import { TargetGroup } from '../../backends/private-targets/target-group.ts';
import type { AwsServices } from '../../backends/services/aws-services.ts';
import { decodePercent } from '../../grammar/percent.ts';
import { MAX_PAYLOAD_BYTES } from '../../http-api/call.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import { scanHeaderLines } from '../../net/http1/scan.ts';
import type { Origin, OriginUpstream, UpstreamPools, UpstreamRequest } from '../../net/upstream/upstream.ts';
import { WholeBody } from '../../net/whole-body.ts';
import type { GivenReply } from '../../stage/draft-backend.ts';
import { printHeaders } from '../../stage/print-headers.ts';

const JSON_HEADERS: readonly string[] = Object.freeze(['Content-Type', 'application/json']);

/** Pools whose every origin answers so. */
export function givenPools(reply: GivenReply | undefined): UpstreamPools {
  return {
    acquire: (origin) => givenUpstream(origin, reply),
    release() {},
    close: async () => {},
  };
}

function givenUpstream(origin: Origin, reply: GivenReply | undefined): OriginUpstream {
  return {
    origin,
    send(request, handler) {
      request.body.read(MAX_PAYLOAD_BYTES, (bytes) => {
        // Whoever sends has what `send` returns by then.
        queueMicrotask(() => {
          const { status, headers, body } =
            reply ?? jsonReply(shownRequest(request, bytes?.toString() ?? ''));
          handler.onReply({
            status,
            headers: HeaderBlock.fromPairs(headers),
            canonical: false,
            body: new WholeBody(Buffer.from(body)),
          });
        });
      });
      return { origin, abort() {} };
    },
  };
}

/** One target for every listener and service. */
export function givenTargets(): Pick<PrivateTargets, 'acquire' | 'acquireLink' | 'release'> {
  const acquire = () => {
    const group = new TargetGroup();
    group.replace([{ host: 'private-target', port: 80, weight: 1 }]);
    return group;
  };
  return { acquire, acquireLink: acquire, release() {} };
}

/** Functions that return the reply; without one, their event. */
export function givenFunctions(reply: GivenReply | undefined, answer: string | undefined): LambdaFunctions {
  return {
    find: () => ({
      invoke: async ({ event }) => ({
        kind: 'returned',
        payload: answer ?? functionAnswer(reply ?? jsonReply(JSON.parse(event))),
        awsRequestId: '',
      }),
    }),
  };
}

function functionAnswer({ status, headers, body }: GivenReply): string {
  return JSON.stringify({ statusCode: status, headers: Object.fromEntries(pairsOf(headers)), body });
}

/** Services that answer so; without a reply, what they are asked. */
export function givenServices(reply: GivenReply | undefined): AwsServices {
  return {
    prepare() {},
    async call({ input }) {
      const { status, headers, body } = reply ?? jsonReply(input);
      const names = pairsOf(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
      const answer = { status, headers: Object.fromEntries(names), body: Buffer.from(body) };
      return { kind: status < 300 ? 'answered' : 'refused', answer };
    },
    close() {},
  };
}

function jsonReply(value: unknown): GivenReply {
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(value) };
}

/** What a backend sees of a request. */
function shownRequest({ head }: UpstreamRequest, body: string): object {
  const lineEnd = head.indexOf('\r\n');
  const [method = '', target = ''] = head.slice(0, lineEnd).split(' ');
  const [path = '', query = ''] = target.split(/\?(.*)/s, 2);
  const lines = `${head.slice(lineEnd + 2)}\r\n`;
  const spans: number[] = [];
  scanHeaderLines(lines, 0, spans);
  const headers = printHeaders(new HeaderBlock(lines, spans, lines.length - 2));
  return {
    method,
    path: decodePercent(path) ?? path,
    query: joined([...new URLSearchParams(query)]),
    headers: joined(headers.map(([name, value]) => [name.toLowerCase(), value])),
    body,
  };
}

/** Those of one name are joined by commas. */
function joined(pairs: readonly (readonly [name: string, value: string])[]): object {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(values);
}

function pairsOf(flat: readonly string[]): [name: string, value: string][] {
  return flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1]!] as [string, string]] : []));
}
