// What the server said of a draft, by what it is about: ids of mappings, templates and settings.
import type { FieldError } from '../../../src/resources/integration/draft-errors.ts';
import { type AnyTrace, isOfSocket } from '../live/traces.ts';
import { readFieldPath } from './field-path.ts';
import { type MappingSide, mappingId, settingId, templateId } from './lines/line.ts';
import type { MappingStep } from './lines/outcome.ts';

export interface Findings {
  readonly problems: ReadonlyMap<string, string>;
  /** What is about no field of the bench. */
  readonly others: readonly string[];
}

/** `known` has the ids that fields stand for; what is about another is said above all of them. `responseKeys` are those of integration
 *  responses, in the order in which they were sent. */
export function findingsOf(
  errors: readonly FieldError[],
  known: ReadonlySet<string>,
  responseKeys: readonly string[],
): Findings {
  const problems = new Map<string, string>();
  const others: string[] = [];
  for (const { field, message } of errors) {
    const id = idOf(readFieldPath(field), responseKeys);
    if (id === undefined || !known.has(id)) others.push(field === '' ? message : `${field}: ${message}`);
    else problems.set(id, plain(message));
  }
  return { problems, others };
}

function idOf([name, ...keys]: readonly string[], responseKeys: readonly string[]): string | undefined {
  const [first, second, third] = keys;
  if (name === undefined) return undefined;
  if (first === undefined) return settingId(name);
  switch (name) {
    case 'RequestParameters':
      return mappingId('request', first);
    case 'ResponseParameters':
      return second === undefined ? `status/${first}` : mappingId('response', second, first);
    case 'RequestTemplates':
      return templateId('request', first);
    case 'IntegrationResponses': {
      const key = responseKeys[Number(first)] ?? first;
      if (second === 'ResponseTemplates' && third !== undefined) return templateId('response', third, key);
      if (second === 'ResponseParameters' && third !== undefined) return mappingId('response', third, key);
      return `response/${key}`;
    }
    default:
      return undefined;
  }
}

const ENVELOPE =
  /^Invalid mapping expression specified: Validation Result: warnings : \[\], errors : \[(.*)\]$/s;

/** Without the envelope that AWS has around what is wrong with mappings: beside the field it says nothing. */
const plain = (message: string): string => ENVELOPE.exec(message)?.[1] ?? message;

/** The mappings of a trace by their ids. */
export function stepsOf(trace: AnyTrace | undefined): ReadonlyMap<string, MappingStep> {
  const steps = new Map<string, MappingStep>();
  const add = (side: MappingSide, list: readonly MappingStep[] = [], below?: number | string): void => {
    for (const step of list) steps.set(mappingId(side, step.key, below), step);
  };
  if (trace === undefined) return steps;
  if (isOfSocket(trace)) {
    add('request', trace.request?.parameters);
    add('response', trace.response?.parameters, trace.response?.key);
  } else {
    add('request', trace.requestMappings);
    add('response', trace.responseMappings, trace.backendReply?.status);
  }
  return steps;
}

/** What an id is called where it is named: its key, or the setting. */
export function nameOf(id: string): string {
  const [kind, ...rest] = id.split('/');
  if (kind === 'setting') return rest.join('/');
  if (kind === 'template') return `the template ${rest.slice(1).join('/')}`;
  const key = rest.join('/');
  return kind === 'response' ? key.replace(/^\d{3}\//, '') : key;
}
