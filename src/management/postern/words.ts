// What can be written in the mappings and templates of an integration, for who completes what somebody types: from the grammars and
// from the tables of `$context`, so that a word is offered because it is understood.
import { type Action, keyBeginnings, type Place } from '../../grammar/mapping-key.ts';
import { type Part, type Side, sourceBeginnings } from '../../grammar/mapping-source.ts';
import { PARAMETER_LOCATIONS, REQUEST_SOURCES } from '../../grammar/socket-request-parameter.ts';
import { RESPONSE_SOURCES } from '../../grammar/socket-response-parameter.ts';
import { CALL_CONTEXT } from '../../http-api/context.ts';
import type { ContextTable } from '../../stage/context-variables.ts';
import { INPUT_REFERENCES } from '../../template/input.ts';
import { TOOLS } from '../../template/tools.ts';
import { EVENT_CONTEXT } from '../../websocket-api/context.ts';

export interface Word {
  /** What ends in a dot goes on with a name. */
  readonly text: string;
  /** One line. */
  readonly detail: string;
  /** Which parameters it is for: of the request, or of the response; absent where it is for both. */
  readonly side?: Side;
}

export interface Words {
  /** Keys of RequestParameters and ResponseParameters. */
  readonly keys: readonly Word[];
  /** Their values. */
  readonly sources: readonly Word[];
  /** References of templates; absent where an API has none. */
  readonly templates?: readonly Word[];
}

export function wordsOf(protocol: 'HTTP' | 'WEBSOCKET'): Words {
  if (protocol === 'HTTP') {
    return {
      keys: SIDES.flatMap((side) =>
        keyBeginnings(side).map(({ text, key }) => ({
          text,
          detail: `${ACTIONS[key.action]} ${PLACES[key.at]} of the ${side === 'request' ? 'backend request' : 'response to the client'}`,
          side,
        })),
      ),
      sources: [
        ...SIDES.flatMap((side) =>
          sourceBeginnings(side)
            .filter(({ from }) => !SHARED.has(from))
            .map(({ text, from }) => ({
              text: `$${text}`,
              detail: `${SOURCES[from]} of the ${side === 'request' ? 'client’s request' : 'backend’s response'}`,
              side,
            })),
        ),
        ...contextWords(CALL_CONTEXT, '$context.'),
        { text: '$stageVariables.', detail: 'variable of the stage' },
      ],
    };
  }
  return {
    keys: [
      ...Object.entries(PARAMETER_LOCATIONS).map(([location, detail]) => ({
        text: `integration.request.${location}.`,
        detail,
        side: 'request' as const,
      })),
      { text: 'route.response.header.', detail: 'header of the response', side: 'response' },
    ],
    sources: [
      ...REQUEST_SOURCES.map(([text, detail]) => ({ text, detail, side: 'request' as const })),
      ...contextWords(EVENT_CONTEXT, 'context.').map((word) => ({ ...word, side: 'request' as const })),
      ...RESPONSE_SOURCES.map(([text, detail]) => ({ text, detail, side: 'response' as const })),
    ],
    templates: [
      ...INPUT_REFERENCES.map(([text, detail]) => ({ text, detail })),
      ...TOOLS.map(([name, detail]) => ({ text: `$util.${name}()`, detail })),
      ...contextWords(EVENT_CONTEXT, '$context.'),
      { text: '$stageVariables.', detail: 'variable of the stage' },
    ],
  };
}

const SIDES: readonly Side[] = ['request', 'response'];

const ACTIONS: Readonly<Record<Action, string>> = {
  append: 'adds a value to',
  overwrite: 'sets',
  remove: 'takes away',
};

const PLACES: Readonly<Record<Place, string>> = {
  header: 'a header',
  query: 'a query parameter',
  path: 'the path',
  status: 'the status',
};

const SOURCES: Readonly<Record<Part['from'], string>> = {
  text: 'text',
  header: 'header',
  query: 'query parameter',
  pathParameter: 'path variable',
  path: 'path',
  body: 'body, or what a JSONPath finds in it,',
  stageVariable: 'variable of the stage',
  context: 'value of $context',
};

/** Those of both sides. */
const SHARED: ReadonlySet<Part['from']> = new Set(['context', 'stageVariable']);

/** Variables that are for more than access logs, and beginnings of those that are told apart by what follows. */
function contextWords<Of>({ variables, families }: ContextTable<Of>, start: string): readonly Word[] {
  const named = Object.entries(variables).filter(([, { read }]) => read !== undefined);
  return [
    ...named.map(([name, { about }]) => ({ text: `${start}${name}`, detail: about.replaceAll('`', '') })),
    ...families.map((family) => ({ text: `${start}${family.start}`, detail: family.about })),
  ];
}
