// The request and the answer of an event of a WebSocket API, as lines that know the parameters and templates that made them.
import type { SocketTrace } from '../../../../src/websocket-api/explain/trace.ts';
import { prettyJson } from './json-lines.ts';
import { type Line, type MappingSide, mappingId, plainLines, settingId, templateId } from './line.ts';

type Steps = NonNullable<SocketTrace['request']>['parameters'];

/** Empty where nothing was made. */
export function socketRequestLines({ request, message }: SocketTrace): readonly Line[] {
  if (request === undefined) return [];
  const maker = templateMaker('request', request);
  const lines: Line[] = [];
  if (request.uri !== undefined) {
    const inUri = request.parameters.filter(({ key, result }) => result !== undefined && !isOfHeader(key));
    lines.push({
      kind: 'same',
      pieces: [
        { text: 'To ', by: [] },
        {
          text: request.uri,
          by: [settingId('IntegrationUri'), ...inUri.map(({ key }) => makerOf('request', key, maker))],
        },
      ],
    });
  }
  for (const [name, value] of request.headers ?? []) {
    const by = makersOfHeader(name, request.parameters, 'request', maker);
    lines.push({ kind: by.length === 0 ? 'same' : 'added', pieces: [{ text: `${name}: ${value}`, by }] });
  }
  return [...lines, ...bodyLines(request.body ?? '', message?.body, maker, lines.length > 0)];
}

/** What the client got: a frame, or the reply to its connect request. */
export function socketReplyLines({ response, reply, answer }: SocketTrace): readonly Line[] {
  if (reply === undefined) return [];
  const maker = templateMaker('response', response ?? {}, response?.key);
  return bodyLines(reply.body, answer?.body, maker, false);
}

function templateMaker(
  side: MappingSide,
  { template, templateKey }: { readonly template?: string; readonly templateKey?: string },
  responseKey?: string,
): string | undefined {
  return template === undefined ? undefined : templateId(side, templateKey ?? '$default', responseKey);
}

function makersOfHeader(
  name: string,
  steps: Steps,
  side: MappingSide,
  maker: string | undefined,
): readonly string[] {
  const lower = name.toLowerCase();
  return steps
    .filter(
      ({ key, result }) => result !== undefined && isOfHeader(key) && key.toLowerCase().endsWith(`.${lower}`),
    )
    .map(({ key }) => makerOf(side, key, maker));
}

const isOfHeader = (key: string): boolean => /\.header\./.test(key);

/** A parameter of the integration, or what the template set by an override. */
function makerOf(side: MappingSide, key: string, maker: string | undefined): string {
  return key.startsWith('$') && maker !== undefined ? maker : mappingId(side, key);
}

function bodyLines(
  body: string,
  original: string | undefined,
  maker: string | undefined,
  isBelow: boolean,
): readonly Line[] {
  if (body === '') return [];
  const by = maker === undefined ? [] : [maker];
  const isSame = maker === undefined || body === original;
  const lines = plainLines(prettyJson(body), by, isSame ? 'same' : 'added');
  return isBelow ? [...plainLines(' '), ...lines] : lines;
}
