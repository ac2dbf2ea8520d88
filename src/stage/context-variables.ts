// `$context` variables (spec/http-api.md §9.3, spec/websocket-api.md §5.7.4): each kind of API has one table of them. Mappings,
// templates, access logs and events have a variable's value from its row, and docs/reference/context-variables.md is written from
// the rows.

/** Undefined where the variable has no value. */
export type ContextReader<Of> = (of: Of) => string | undefined;

/** A row; `Of` is what it reads: a call or an event. */
export interface ContextVariable<Of> {
  /** What it is, for the reference page. */
  readonly about: string;
  /** Its value. A variable without it may stand in access logs alone. */
  readonly read?: ContextReader<Of>;
  /** Its value in access logs, where that is another. */
  readonly log?: ContextReader<Of>;
  /** Its text is an integer: templates and events have a number. */
  readonly isNumber?: true;
  /** `requestContext` of events has it under its own name: format 1.0 of HTTP APIs, and WebSocket APIs. */
  readonly isMember?: true;
  /** The member of `requestContext` that has it in format 2.0. */
  readonly memberV2?: string;
}

/** A row for all names that begin alike. */
export interface ContextFamily<Of> {
  /** `authorizer.claims.` */
  readonly start: string;
  readonly about: string;
  /** The reader of one of them by what follows. */
  readonly reader: (rest: string) => ContextReader<Of>;
}

export interface ContextTable<Of> {
  /** By name, without `$context.`. */
  readonly variables: Readonly<Record<string, ContextVariable<Of>>>;
  /** For names that are none of these; the first that fits counts. */
  readonly families: readonly ContextFamily<Of>[];
}

/** The reader of a name for mappings, templates and identity sources. Names without a row have no value. */
export function contextReader<Of>(table: ContextTable<Of>, name: string): ContextReader<Of> {
  return variableOf(table, name)?.read ?? familyReader(table, name);
}

/** The reader of a name for access logs. */
export function logReader<Of>(table: ContextTable<Of>, name: string): ContextReader<Of> {
  const variable = variableOf(table, name);
  return variable?.log ?? variable?.read ?? familyReader(table, name);
}

function variableOf<Of>({ variables }: ContextTable<Of>, name: string): ContextVariable<Of> | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

function familyReader<Of>({ families }: ContextTable<Of>, name: string): ContextReader<Of> {
  const family = families.find(({ start }) => name.startsWith(start));
  return family === undefined ? () => undefined : family.reader(name.slice(family.start.length));
}
