// What an integration gets of an event: the message as it is, or what a template makes of it (spec/websocket-api.md §3.9,
// §3.10).
import type { SocketIntegrationConfig } from '../../config/websocket-api.ts';
import { compileTemplate, type Template } from '../../template/compile-template.ts';
import type { TemplateEnvironment } from '../../template/run.ts';
import { TemplateError, type Value, VMap } from '../../template/values.ts';
import { decodeBase64 } from '../bytes.ts';
import { templateParameters } from '../connect-parameters.ts';
import type { SocketEvent } from '../event.ts';
import { INTERNAL_ERROR, UNSUPPORTED_MEDIA_TYPE } from '../failures.ts';
import { compileSelection } from '../selection.ts';
import type { SocketFailed } from '../stage.ts';
import { failed } from './failed.ts';

export interface Payload {
  readonly kind: 'payload';
  readonly data: string | Buffer;
  /** Whether a template made it. */
  readonly isRendered: boolean;
}

/** Makes the payload of an event, or says why there is none. */
export type PayloadPlan = (event: SocketEvent) => Payload | SocketFailed;

/** Of HTTP proxies. */
export function passMessage({ body }: SocketEvent): Payload {
  return asIs(body, false);
}

/** A template as it is configured. */
export interface KeyedTemplate {
  readonly key: string;
  readonly text: string;
  /** What cannot be parsed fails when it is used, as AWS's do (§3.9.5, §5.3.12). */
  readonly usable: Template | TemplateError;
}

/** The template of an event; undefined where there is none for it. */
export type RequestTemplateChoice = (event: SocketEvent) => KeyedTemplate | undefined;

export function compileTemplateChoice({
  requestTemplates,
  templateSelectionExpression,
}: SocketIntegrationConfig): RequestTemplateChoice {
  if (requestTemplates.size === 0) return () => undefined;
  const templates = compileTemplates(requestTemplates);
  const fallback = templates.get('$default');
  const select =
    templateSelectionExpression === undefined
      ? () => 'application/json'
      : compileSelection(templateSelectionExpression, 'template');
  return (event) => templates.get(select(event)) ?? fallback;
}

export function compilePayload(config: SocketIntegrationConfig): PayloadPlan {
  const { requestTemplates, passthrough, contentHandling } = config;
  const choose = compileTemplateChoice(config);
  const finish = contentHandling === 'CONVERT_TO_BINARY' ? decoded : asIs;
  const mayPass = requestTemplates.size === 0 ? passthrough !== 'NEVER' : passthrough === 'WHEN_NO_MATCH';
  return (event) => {
    const template = choose(event);
    if (template !== undefined) {
      const text = renderTemplate(template, event, event.body);
      return typeof text === 'string' ? finish(text, true) : text;
    }
    return mayPass
      ? finish(event.body, false)
      : failed(UNSUPPORTED_MEDIA_TYPE, 'No template for the request, and it may not pass as it is');
  };
}

export function compileTemplates(templates: ReadonlyMap<string, string>): ReadonlyMap<string, KeyedTemplate> {
  return new Map([...templates].map(([key, text]) => [key, { key, text, usable: compileUsable(text) }]));
}

function compileUsable(text: string): KeyedTemplate['usable'] {
  try {
    return compileTemplate(text);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

/** The context of templates that do not name it: to make one takes longer than all else that a short template does. */
const UNSEEN = new VMap(new Map<string, Value>(), 'java');

/** What the templates of an event can see. */
export function templateEnvironment(event: SocketEvent, body: string, context: VMap): TemplateEnvironment {
  const parameters = templateParameters(event);
  const stageVariables = event.stage.variables;
  return parameters === undefined
    ? { body, context, stageVariables }
    : { body, context, stageVariables, parameters };
}

/** Renders a template with an event's variables. */
export function renderTemplate(
  { usable }: KeyedTemplate,
  event: SocketEvent,
  body: string,
): string | SocketFailed {
  try {
    if (usable instanceof TemplateError) throw usable;
    return usable.render(templateEnvironment(event, body, usable.namesContext ? event.context : UNSEEN));
  } catch (error) {
    if (error instanceof TemplateError) return failed(INTERNAL_ERROR, `A template failed: ${error.message}`);
    throw error;
  }
}

function asIs(text: string, isRendered: boolean): Payload {
  return { kind: 'payload', data: text, isRendered };
}

function decoded(text: string, isRendered: boolean): Payload | SocketFailed {
  const data = decodeBase64(text);
  return data === undefined
    ? failed(INTERNAL_ERROR, 'CONVERT_TO_BINARY was given what is no base64')
    : { kind: 'payload', data, isRendered };
}
