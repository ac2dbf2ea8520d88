// `renderTemplate` of `postern/testing`: a mapping template of a WebSocket API, rendered as the gateway does.
import { renderStandalone, templateContext } from '../template/standalone.ts';

export interface TemplateValues {
  /** The payload that `$input` is of: its text, or a value that is made JSON. Empty when absent. */
  readonly body?: unknown;
  /** `$context`. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** `$stageVariables`. */
  readonly stageVariables?: Readonly<Record<string, string>>;
}

export interface RenderedTemplate {
  readonly output: string;
  /** What the template set in `$context.requestOverride`. */
  readonly requestOverride: RequestOverride;
  /** What it set in `$context.responseOverride`. */
  readonly responseOverride: ResponseOverride;
}

export interface RequestOverride {
  readonly header: Readonly<Record<string, unknown>>;
  readonly querystring: Readonly<Record<string, unknown>>;
  readonly path: Readonly<Record<string, unknown>>;
}

export interface ResponseOverride {
  readonly header: Readonly<Record<string, unknown>>;
  readonly status?: unknown;
}

/** Throws an Error that says what is wrong with the template, and where. */
export function renderTemplate(template: string, values: TemplateValues = {}): RenderedTemplate {
  const { body = '', context = {}, stageVariables = {} } = values;
  const variables = templateContext(JSON.stringify(context));
  if (variables === undefined) throw new TypeError('The context of a template is an object.');
  const { output, requestOverride, responseOverride } = renderStandalone(template, {
    body: typeof body === 'string' ? body : JSON.stringify(body),
    context: variables,
    stageVariables: new Map(Object.entries(stageVariables)),
  });
  return {
    output,
    requestOverride: requestOverride as RequestOverride,
    responseOverride: responseOverride as ResponseOverride,
  };
}
