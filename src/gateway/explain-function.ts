// What a Lambda integration did with one request, read off its call (decision 0017; spec/http-api.md §3.6).
import { encodePathText, encodeQueryText } from '../grammar/percent.ts';
import type { Call } from '../http-api/call.ts';
import { explainRequestMappings, type FunctionCall, type MappingStep } from '../http-api/explain.ts';
import { LambdaProxy } from '../http-api/integrations/lambda-proxy.ts';
import { latin1Of } from '../net/bytes.ts';
import { HeaderBlock } from '../net/header-block.ts';

const SHOWN_CHARACTERS = 65_536;

/** The function's call of a finished request; undefined when there was none. */
export function functionCallOf(call: Call): FunctionCall | undefined {
  const integration = call.route?.integration;
  if (!(integration instanceof LambdaProxy) || call.outcome === undefined) return undefined;
  const { event, outcome } = call;
  const hasPayload = outcome.kind === 'returned' || outcome.kind === 'functionError';
  const detail = 'message' in outcome ? outcome.message : undefined;
  return {
    functionArn: integration.parts.functionArn,
    format: integration.parts.format,
    event: event.slice(0, SHOWN_CHARACTERS),
    outcome: detail === undefined ? outcome.kind : `${outcome.kind}: ${detail}`,
    ...(hasPayload ? { answer: outcome.payload.slice(0, SHOWN_CHARACTERS) } : {}),
  };
}

/** The steps of the request mappings, which act on the event. */
export function eventMappings(call: Call): readonly MappingStep[] {
  const integration = call.route?.integration;
  if (!(integration instanceof LambdaProxy) || call.outcome === undefined) return [];
  const { requestChanges, scope } = integration.parts.configured;
  const event = JSON.parse(call.event) as EventDocument;
  const { headers, target } = event.version === '2.0' ? requestOfV2(event) : requestOfV1(event);
  const pairs = headers.flatMap(([name, values]) => [name, latin1Of(values.join(','))]);
  return explainRequestMappings(call, requestChanges, scope('request'), HeaderBlock.fromPairs(pairs), target);
}

type EventDocument = EventV1Document | EventV2Document;

interface EventV1Document {
  readonly version: '1.0';
  readonly path: string;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly multiValueQueryStringParameters: Readonly<Record<string, readonly string[]>> | null;
}

interface EventV2Document {
  readonly version: '2.0';
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** The request that an event shows. */
interface ShownRequest {
  readonly headers: readonly (readonly [name: string, values: readonly string[]])[];
  readonly target: string;
}

function requestOfV2({ rawPath, rawQueryString, cookies = [], headers }: EventV2Document): ShownRequest {
  const entries = Object.entries(headers).map(([name, value]) => [name, [value]] as const);
  return {
    headers: cookies.length === 0 ? entries : [...entries, ['cookie', [cookies.join('; ')]]],
    target: `${encodePathText(rawPath)}?${rawQueryString}`,
  };
}

function requestOfV1(event: EventV1Document): ShownRequest {
  const query = Object.entries(event.multiValueQueryStringParameters ?? {}).flatMap(([name, values]) =>
    values.map((value) => `${encodeQueryText(name)}=${encodeQueryText(value)}`),
  );
  return { headers: Object.entries(event.multiValueHeaders), target: `${event.path}?${query.join('&')}` };
}
