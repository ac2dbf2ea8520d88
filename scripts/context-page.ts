// docs/reference/context-variables.md: the tables of `$context` variables.
import { CALL_CONTEXT } from '../src/http-api/context.ts';
import type { ContextTable, ContextVariable } from '../src/stage/context-variables.ts';
import { EVENT_CONTEXT } from '../src/websocket-api/context.ts';

/** Whether a variable is there, or the member that has its value. */
type Cell = (variable: ContextVariable<never>, name: string) => boolean | string | undefined;

function table<Of>(
  { variables, families }: ContextTable<Of>,
  columns: Readonly<Record<string, Cell>>,
): string {
  const row = (name: string, about: string, cells: readonly (boolean | string | undefined)[]): string =>
    `| \`${name}\` | ${about} | ${cells.map((cell) => (typeof cell === 'string' ? `\`${cell}\`` : cell ? 'yes' : '')).join(' | ')} |`;
  const lines = Object.entries(variables).map(([name, variable]) =>
    row(
      name,
      variable.about,
      Object.values(columns).map((cell) => cell(variable, name)),
    ),
  );
  const others = families.map(({ start, about }) =>
    row(`${start}NAME`, about, [
      true,
      true,
      ...Object.keys(columns)
        .slice(2)
        .map(() => false),
    ]),
  );
  const heads = ['Variable', 'What', ...Object.keys(columns)];
  return `| ${heads.join(' | ')} |\n|${'---|'.repeat(heads.length)}\n${[...lines, ...others].join('\n')}\n`;
}

const inMappings: Cell = ({ read }) => read !== undefined;
const inLogs: Cell = () => true;
const member: Cell = ({ isMember }, name) => isMember && name;

export function contextPage(): string {
  return `# \`$context\` variables

What a request or event does not have prints \`-\` in access logs, is empty in templates and texts, and leaves a mapping of one
selector out. So does a name that is not here. The last two columns name the members of \`requestContext\` in the events of functions
that tell the same. A line for \`NAME\` is for all names without a line of their own.

## HTTP APIs

*Mappings* are parameters of requests and responses, parameters of AWS services, and identity sources of authorizers
([parameter mapping](../guide/parameter-mapping.md)); *logs* are access logs ([logs and metrics](../guide/logs-and-metrics.md)).

${table(CALL_CONTEXT, {
  Mappings: inMappings,
  Logs: inLogs,
  'Format 1.0': member,
  'Format 2.0': ({ memberV2 }) => memberV2,
})}
## WebSocket APIs

*Templates* are request and response templates, request parameters (\`context.NAME\`) and identity sources of authorizers
([WebSocket APIs](../guide/websocket.md)). \`$context\` in a template has the variables in this order.

${table(EVENT_CONTEXT, { Templates: inMappings, Logs: inLogs, Events: member })}`;
}
