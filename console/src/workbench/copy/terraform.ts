// An integration as resources of Terraform's AWS provider.
import type { Definition, Members } from './definition.ts';

/** Names of arguments that are not the member's with underscores. */
const ARGUMENTS: Readonly<Record<string, string>> = { TimeoutInMillis: 'timeout_milliseconds' };

/** As `terraform fmt` writes it. */
export function asTerraform({ apiName, integration, responses }: Definition): string {
  const name = identifier(apiName);
  const api = `aws_apigatewayv2_api.${name}.id`;
  const { ResponseParameters, TlsConfig, ...members } = integration;
  const blocks = [
    ...Object.entries((ResponseParameters ?? {}) as Record<string, Members>).map(([status, mappings]) =>
      block('response_parameters', [['status_code', status]], [['mappings', mappings]]),
    ),
    ...(TlsConfig === undefined
      ? []
      : [
          block('tls_config', [
            ['server_name_to_verify', quoted(String((TlsConfig as Members).ServerNameToVerify))],
          ]),
        ]),
  ];
  const resources = [
    resource('aws_apigatewayv2_integration', name, [['api_id', api]], members, blocks),
    ...responses.map((response, at) =>
      resource(
        'aws_apigatewayv2_integration_response',
        `${name}_${at + 1}`,
        [
          ['api_id', api],
          ['integration_id', `aws_apigatewayv2_integration.${name}.id`],
        ],
        response,
        [],
      ),
    ),
  ];
  return resources.join('\n\n');
}

type Lines = readonly (readonly [name: string, value: string])[];

function resource(
  type: string,
  name: string,
  own: Lines,
  members: Members,
  blocks: readonly string[],
): string {
  const all = Object.entries(members).map(
    ([member, value]) => [ARGUMENTS[member] ?? underscored(member), value] as const,
  );
  const lines = all.filter(([, value]) => typeof value !== 'object');
  const maps = all.filter(([, value]) => typeof value === 'object');
  const parts = [
    aligned([...own, ...lines.map(([each, value]) => [each, literal(value)] as const)], 1),
    ...maps.map(([each, value]) => map(each, value as Members, 1)),
    ...blocks.map((each) => `\n${each}`),
  ];
  return `resource "${type}" "${name}" {\n${parts.join('\n')}\n}`;
}

function block(
  name: string,
  lines: Lines,
  maps: readonly (readonly [name: string, map: Members])[] = [],
): string {
  const parts = [aligned(lines, 2), ...maps.map(([each, entries]) => map(each, entries, 2))];
  return `  ${name} {\n${parts.join('\n')}\n  }`;
}

function map(name: string, entries: Members, depth: number): string {
  const indent = '  '.repeat(depth);
  const lines = Object.entries(entries).map(([key, value]) => [quoted(key), quoted(String(value))] as const);
  return `${indent}${name} = {\n${aligned(lines, depth + 1)}\n${indent}}`;
}

/** Lines in a row have their equals signs below each other. */
function aligned(lines: Lines, depth: number): string {
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${'  '.repeat(depth)}${name.padEnd(width)} = ${value}`).join('\n');
}

const literal = (value: unknown): string =>
  typeof value === 'number' ? String(value) : quoted(String(value));

/** `${` and `%{` begin what Terraform would evaluate. */
const quoted = (text: string): string => JSON.stringify(text).replace(/[$%](?=\{)/g, (sign) => sign + sign);

const underscored = (member: string): string =>
  member.replace(/[A-Z]/g, (letter, at) => `${at === 0 ? '' : '_'}${letter.toLowerCase()}`);

/** A name of Terraform's of any text. */
function identifier(text: string): string {
  const safe = text
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[a-z_]/.test(safe) ? safe : `api_${safe}`;
}
