// What a Lambda integration did with one request, read off its call (decision 0017; spec/http-api.md §3.6).
import { encodePathText, encodeQueryText } from '../../grammar/percent.ts';
import { latin1Of } from '../../net/bytes.ts';
import { HeaderBlock } from '../../net/header-block.ts';
import type { MappingStep } from '../../stage/mapping-step.ts';
import { parseJson } from '../../wire/json.ts';
import type { Call } from '../call.ts';
import { explainRequestMappings, type RequestMappings } from './mappings.ts';
import { type FunctionCall, NOTHING_DONE, type RequestStory } from './trace.ts';

const SHOWN_CHARACTERS = 65_536;

export function explainFunctionCall(
  call: Call,
  target: Pick<FunctionCall, 'functionArn' | 'format'>,
  mappings: RequestMappings,
): RequestStory {
  const { event, outcome } = call;
  if (outcome === undefined) return NOTHING_DONE;
  const { functionArn, format } = target;
  const hasPayload = outcome.kind === 'returned' || outcome.kind === 'functionError';
  const detail = 'message' in outcome ? outcome.message : undefined;
  return {
    called: {
      functionCall: {
        functionArn,
        format,
        event: event.slice(0, SHOWN_CHARACTERS),
        outcome: detail === undefined ? outcome.kind : `${outcome.kind}: ${detail}`,
        ...(hasPayload ? { answer: outcome.payload.slice(0, SHOWN_CHARACTERS) } : {}),
      },
    },
    requestMappings: eventMappings(call, mappings),
  };
}

/** The steps of the request mappings, which act on the event. */
function eventMappings(call: Call, mappings: RequestMappings): readonly MappingStep[] {
  const event = parseJson(call.event) as EventDocument;
  const { headers, target } = event.version === '2.0' ? requestOfV2(event) : requestOfV1(event);
  const pairs = headers.flatMap(([name, values]) => [name, latin1Of(values.join(','))]);
  return explainRequestMappings(call, mappings, HeaderBlock.fromPairs(pairs), target);
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
