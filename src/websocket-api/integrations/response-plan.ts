// What a client gets of a non-proxy integration's answer: integration response, template, content handling
// (spec/websocket-api.md §4.3 to §4.6, §1.7.8, §1.9.5).
import type { IntegrationResponseConfig, SocketIntegrationConfig } from '../../config/websocket-api.ts';
import { unreachable } from '../../defect.ts';
import { parseResponseKey } from '../../grammar/response-key.ts';
import { parseResponseParameter, type ResponseSource } from '../../grammar/socket-response-parameter.ts';
import { parseLenientJson } from '../../template/lenient-json.ts';
import { type JavaPattern, javaPattern } from '../../template/regex/regex.ts';
import { Budget, MAX_STEPS, TemplateError, type Value, VMap } from '../../template/values.ts';
import { compileBodyPath } from '../body-path.ts';
import { decodeBase64, textOf } from '../bytes.ts';
import type { SocketEvent } from '../event.ts';
import { INTERNAL_ERROR } from '../failures.ts';
import { compileSelection, type Selection } from '../selection.ts';
import type { ResponsePlan, SocketAnswer, SocketFailed, SocketReply } from '../stage.ts';
import { failed } from './failed.ts';
import { compileTemplates, type KeyedTemplate, renderTemplate } from './request-payload.ts';

const NO_MATCH = 'No match for output mapping and no default output mapping configured';
const PROTOCOL = 'sec-websocket-protocol';
/** Characters of all patterns, times those of the text they are matched against. */
const MAX_MATCH_STEPS = 8_388_608;

/** `matchesErrors`: responses are chosen by the error message of a Lambda function, not by the status (§4.3.2). */
export function compileResponses(config: SocketIntegrationConfig, matchesErrors: boolean): ResponsePlan {
  const choose = compileResponseChoice(config, matchesErrors);
  return (event, answer) => {
    const response = choose(answer);
    if (response !== undefined) return 'kind' in response ? response : response.reply(event, answer);
    // A connect request needs no integration response.
    if (event.kind === 'CONNECT') return reply(event, answer, '', undefined);
    return failed(INTERNAL_ERROR, NO_MATCH);
  };
}

/** The integration response of an answer; undefined where there is none for it. */
export type ResponseChoice = (answer: SocketAnswer) => ChosenResponse | SocketFailed | undefined;

export function compileResponseChoice(
  config: SocketIntegrationConfig,
  matchesErrors: boolean,
): ResponseChoice {
  const responses = config.responses.map(compileResponse);
  const patterns = responses.filter(({ pattern }) => pattern !== undefined);
  const fallback = responses.find(({ pattern }) => pattern === undefined);
  const characters = config.responses.reduce((sum, { key }) => sum + key.length, 0);
  const maxLength =
    patterns.length === 0 ? Number.POSITIVE_INFINITY : Math.floor(MAX_MATCH_STEPS / characters);
  return (answer) => {
    const text = matchesErrors ? answer.errorMessage : String(answer.status);
    if (text !== undefined && text.length > maxLength) {
      return failed(INTERNAL_ERROR, `The error message has more than ${maxLength} characters to be matched`);
    }
    return (
      (text === undefined ? undefined : patterns.find((each) => each.pattern!.matches(text))) ?? fallback
    );
  };
}

/** Of proxies: the answer as it is (§4.2). */
export function passOn(_event: SocketEvent, { status, headers, body }: SocketAnswer): SocketReply {
  return { kind: 'reply', status, data: body, subprotocol: headers.first(PROTOCOL) };
}

export interface ChosenResponse {
  readonly config: IntegrationResponseConfig;
  /** Undefined for `$default`. */
  readonly pattern: JavaPattern | undefined;
  readonly template: TemplateChoice;
  /** The body of an answer as templates get it (§4.6). */
  body(answer: SocketAnswer): string | Buffer;
  readonly reply: ResponsePlan;
}

function compilePattern(key: string): JavaPattern | undefined {
  const pattern = parseResponseKey(key);
  return pattern === undefined ? undefined : javaPattern(pattern, false, 0, new Budget(MAX_STEPS));
}

function compileResponse(config: IntegrationResponseConfig): ChosenResponse {
  const templates = compileTemplates(config.templates);
  const select = compileTemplateChoice(config, templates);
  const protocol = compileProtocol(config.parameters);
  const body = ({ body }: SocketAnswer) =>
    config.contentHandling === 'CONVERT_TO_TEXT' ? asText(body) : body;
  return {
    config,
    pattern: compilePattern(config.key),
    template: select,
    body,
    reply(event, answer) {
      const given = body(answer);
      const template = select(event, answer);
      const data = template === undefined ? given : renderTemplate(template, event, textOf(given));
      if (typeof data === 'object' && 'kind' in data) return data;
      if (config.contentHandling !== 'CONVERT_TO_BINARY')
        return reply(event, answer, data, protocol(event, answer));
      const bytes = decodeBase64(textOf(data));
      return bytes === undefined
        ? failed(INTERNAL_ERROR, 'CONVERT_TO_BINARY was given what is no base64')
        : reply(event, answer, bytes, protocol(event, answer));
    },
  };
}

type TemplateChoice = (event: SocketEvent, answer: SocketAnswer) => KeyedTemplate | undefined;

/** §4.4.1. */
function compileTemplateChoice(
  { templateSelectionExpression }: IntegrationResponseConfig,
  templates: ReadonlyMap<string, KeyedTemplate>,
): TemplateChoice {
  const fallback = templates.get('$default');
  if (templateSelectionExpression === undefined) {
    const only = templates.size === 1 ? [...templates.values()][0] : undefined;
    const chosen = templates.get('application/json') ?? fallback ?? only;
    return () => chosen;
  }
  const select: Selection = compileSelection(templateSelectionExpression, 'responseTemplate');
  return (event, answer) => templates.get(select(event, answer)) ?? fallback;
}

type ReadProtocol = (event: SocketEvent, answer: SocketAnswer) => string | undefined;

/** The one response parameter that has an effect: the subprotocol of a connect request (§1.9.5, §4.4.4). */
function compileProtocol(parameters: IntegrationResponseConfig['parameters']): ReadProtocol {
  for (const [destination, written] of parameters) {
    const { name, source } = parseResponseParameter(destination, written);
    if (name.toLowerCase() === PROTOCOL) return compileResponseSource(source);
  }
  return () => undefined;
}

/** What a response parameter reads of an answer. */
export function compileResponseSource(source: ResponseSource): ReadProtocol {
  switch (source.from) {
    case 'static':
      return () => source.text;
    case 'header': {
      const lowerName = source.name.toLowerCase();
      return (_event, answer) => answer.headers.first(lowerName);
    }
    case 'body':
      return source.path === '' ? (_event, answer) => textOf(answer.body) : compileBody(source.path);
    default:
      return unreachable(source);
  }
}

/** What is no path finds nothing. */
function compileBody(path: string): ReadProtocol {
  const find = compileBodyPath(path);
  if (find === undefined) return () => undefined;
  return (_event, answer) => {
    try {
      return find(parseLenientJson(textOf(answer.body), new Budget(MAX_STEPS)));
    } catch (error) {
      if (error instanceof TemplateError) return undefined;
      throw error;
    }
  };
}

/** The reply with what templates set in the overrides (§5.7.5). */
function reply(
  event: SocketEvent,
  answer: SocketAnswer,
  data: string | Buffer,
  subprotocol: string | undefined,
): SocketReply {
  const override = event.hasContext ? event.context.entries.get('responseOverride') : undefined;
  const entries = override instanceof VMap ? override.entries : undefined;
  return {
    kind: 'reply',
    status: statusOf(entries?.get('status')) ?? answer.status,
    data,
    subprotocol: overriddenProtocol(entries?.get('header')) ?? subprotocol,
  };
}

/** An integer from 100 to 599; anything else is ignored. */
function statusOf(value: Value | undefined): number | undefined {
  const status = typeof value === 'bigint' ? Number(value) : Number.NaN;
  return status >= 100 && status <= 599 ? status : undefined;
}

function overriddenProtocol(headers: Value | undefined): string | undefined {
  if (!(headers instanceof VMap)) return undefined;
  const found = [...headers.entries].find(([name]) => String(name).toLowerCase() === PROTOCOL)?.[1];
  return typeof found === 'string' ? found : undefined;
}

/** Text as it is; bytes that are none in base64 (§4.6). */
function asText(body: string | Buffer): string {
  return typeof body === 'string' ? body : body.toString('base64');
}
