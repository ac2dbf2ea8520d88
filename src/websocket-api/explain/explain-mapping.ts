// What an integration's templates and parameters did with an event that is over: chosen and evaluated again on what the event
// still holds, which gives the same (decision 0017).
import type { SocketIntegrationConfig } from '../../config/websocket-api.ts';
import { parseResponseParameter } from '../../grammar/socket-response-parameter.ts';
import type { MappingStep } from '../../stage/mapping-step.ts';
import type { VMap } from '../../template/values.ts';
import { watchTemplate } from '../../template/watch-template.ts';
import { textOf } from '../bytes.ts';
import { contextMap } from '../context-map.ts';
import type { SocketEvent } from '../event.ts';
import { compileParameter, InvalidJson, overridesIn } from '../integrations/parameters.ts';
import {
  compileTemplateChoice,
  type KeyedTemplate,
  templateEnvironment,
} from '../integrations/request-payload.ts';
import { compileResponseChoice, compileResponseSource } from '../integrations/response-plan.ts';
import type { SocketAnswer } from '../stage.ts';
import type { IntegrationStory, SocketResponseStory, TemplateStory } from './trace.ts';

/** A mapping integration as it is configured in a stage. */
export interface ConfiguredMapping {
  readonly config: SocketIntegrationConfig;
  readonly variables: ReadonlyMap<string, string>;
  /** Whether integration responses are chosen by a function's error message. */
  readonly matchesErrors: boolean;
}

export function explainMapping(event: SocketEvent, configured: ConfiguredMapping): IntegrationStory {
  if (event.integrationBegan < 0) return {};
  const { config, variables } = configured;
  const isProxy = config.type === 'HTTP_PROXY';
  const context = contextAtWork(event);
  const made = isProxy ? {} : templateStory(compileTemplateChoice(config)(event), event, event.body, context);
  const parameters =
    config.type === 'MOCK'
      ? []
      : [
          ...[...config.requestParameters].map(([key, value]) => parameterStep(event, variables, key, value)),
          ...overrideSteps(context),
        ];
  const request = { ...made, parameters };
  const answer = event.sent?.answer;
  const isReplying = event.kind === 'CONNECT' || (event.kind === 'MESSAGE' && event.route?.isTwoWay === true);
  if (answer === undefined || !isReplying || isProxy) return { request };
  return { request, response: responseStory(event, answer, configured, context) };
}

/** `$context` as it was when the integration began, with overrides of its own. */
function contextAtWork(event: SocketEvent): VMap {
  const context = contextMap(event);
  // Of the event's end.
  context.entries.delete('status');
  context.entries.delete('error');
  return context;
}

function templateStory(
  chosen: KeyedTemplate | undefined,
  event: SocketEvent,
  body: string,
  context: VMap,
): TemplateStory {
  if (chosen === undefined) return {};
  const { key, text } = chosen;
  return {
    templateKey: key,
    template: text,
    ...watchTemplate(text, templateEnvironment(event, body, context)),
  };
}

function parameterStep(
  event: SocketEvent,
  variables: ReadonlyMap<string, string>,
  key: string,
  value: string,
): MappingStep {
  const parameter = compileParameter(key, value, variables);
  const result = typeof parameter === 'string' ? undefined : read(() => parameter.read(event));
  return withResult({ key, value }, result?.join(','));
}

function read(from: () => readonly string[] | undefined): readonly string[] | undefined {
  try {
    return from();
  } catch (error) {
    if (error instanceof InvalidJson) return undefined;
    throw error;
  }
}

/** What templates set. */
function overrideSteps(context: VMap): MappingStep[] {
  return overridesIn(context).map(({ location, name, texts }) =>
    withResult(
      {
        key: `integration.request.${location}.${name}`,
        value: `$context.requestOverride.${location}.${name}`,
      },
      texts.length === 0 ? undefined : texts.join(','),
    ),
  );
}

function responseStory(
  event: SocketEvent,
  answer: SocketAnswer,
  { config, matchesErrors }: ConfiguredMapping,
  context: VMap,
): SocketResponseStory {
  const chosen = compileResponseChoice(config, matchesErrors)(answer);
  if (chosen === undefined || 'kind' in chosen) return { parameters: [] };
  const body = textOf(chosen.body(answer));
  return {
    key: chosen.config.key,
    ...templateStory(chosen.template(event, answer), event, body, context),
    parameters: [...chosen.config.parameters].map(([key, value]) => {
      const { source } = parseResponseParameter(key, value);
      return withResult({ key, value }, compileResponseSource(source)(event, answer));
    }),
  };
}

function withResult(step: MappingStep, result: string | undefined): MappingStep {
  return result === undefined ? step : { ...step, result };
}
