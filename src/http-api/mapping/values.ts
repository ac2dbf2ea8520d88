// Mapping values: parsed tree → function of a running call (spec/http-api.md §4.4, §4.5, Choice C46).
import { unreachable } from '../../defect.ts';
import { compileJsonPath } from '../../grammar/json-path.ts';
import type { Part } from '../../grammar/mapping-source.ts';
import type { MappingValue } from '../../grammar/mapping-value.ts';
import { contextReader } from '../../stage/context-variables.ts';
import { textOfHeader } from '../../stage/header-value.ts';
import { queryValue } from '../../stage/query.ts';
import type { Call } from '../call.ts';
import { CALL_CONTEXT } from '../context.ts';

/** The text of a value; undefined when a whole-value selector resolves to nothing. */
export type ValueReader = (call: Call) => string | undefined;

/** What values are compiled against: known when a stage is compiled, not per request. */
export interface ValueScope {
  readonly side: 'request' | 'response';
  readonly stageVariables: ReadonlyMap<string, string>;
  /** Names of the route's path variables in template order. */
  readonly variableNames: readonly string[];
}

/** Compiles a value. In templates what is missing is empty text; values are never evaluated again (§4.4 rule 9). */
export function compileValue(value: MappingValue, scope: ValueScope): ValueReader {
  switch (value.kind) {
    case 'static': {
      const { text } = value;
      return () => text;
    }
    case 'selector':
      return compilePart(value.part, scope);
    case 'template': {
      const readers = value.parts.map((part) => compilePart(part, scope));
      return (call) => {
        let text = '';
        for (let i = 0; i < readers.length; i++) text += readers[i]!(call) ?? '';
        return text;
      };
    }
    default:
      unreachable(value);
  }
}

/** What a value always is, when the stage alone decides that. */
export function constantOf(value: MappingValue, scope: ValueScope): string | undefined {
  if (value.kind === 'static') return value.text;
  if (value.kind === 'selector' && value.part.from === 'stageVariable') {
    return scope.stageVariables.get(value.part.name);
  }
  return undefined;
}

/** Whether a value of a request mapping is a single source of who calls: what has none must not be the client's to say. */
export function tellsCaller(value: MappingValue, { side }: ValueScope): boolean {
  return (
    side === 'request' &&
    value.kind === 'selector' &&
    value.part.from === 'context' &&
    /^(?:authorizer|identity)\./.test(value.part.name)
  );
}

/** Whether a value needs the body of its side. */
export function readsBody(value: MappingValue): boolean {
  const parts = value.kind === 'selector' ? [value.part] : value.kind === 'template' ? value.parts : [];
  return parts.some((part) => part.from === 'body');
}

function compilePart(part: Part, scope: ValueScope): ValueReader {
  switch (part.from) {
    case 'text': {
      const { text } = part;
      return () => text;
    }
    case 'header': {
      const name = part.name.toLowerCase();
      const isRequest = scope.side === 'request';
      return (call) => {
        const value = (isRequest ? call.exchange.headers : call.reply!.headers).joined(name);
        return value === undefined ? undefined : textOfHeader(value);
      };
    }
    case 'query': {
      const { name } = part;
      return (call) => queryValue(call.query, name);
    }
    case 'pathParameter': {
      const index = scope.variableNames.indexOf(part.name);
      return index < 0 ? () => undefined : (call) => call.values[index];
    }
    case 'stageVariable': {
      const value = scope.stageVariables.get(part.name);
      return () => value;
    }
    case 'context':
      return contextReader(CALL_CONTEXT, part.name);
    case 'path':
      return (call) => call.path;
    case 'body': {
      const isRequest = scope.side === 'request';
      if (part.path === undefined) {
        return (call) => {
          const text = (isRequest ? call.requestBody() : call.replyBody()).text;
          return text === '' ? undefined : text;
        };
      }
      const find = compileJsonPath(part.path);
      return (call) => find(isRequest ? call.requestBody() : call.replyBody());
    }
    default:
      unreachable(part);
  }
}
