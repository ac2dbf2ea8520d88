// An integration as resources of Terraform's AWS provider.
import type { Definition, Members } from './definition.ts';

/** Names of arguments that are not the member's with underscores. */
const ARGUMENTS: Readonly<Record<string, string>> = { TimeoutInMillis: 'timeout_milliseconds' };

export function asTerraform({ apiName, integration, responses }: Definition): string {
  const name = identifier(apiName);
  const api = `aws_apigatewayv2_api.${name}.id`;
  const { ResponseParameters, TlsConfig, ...members } = integration;
  const blocks = [
    ...Object.entries((ResponseParameters ?? {}) as Record<string, Members>).map(
      ([status, mappings]) =>
        `  response_parameters {\n    status_code = ${status}\n    mappings    = ${mapText(mappings, 2)}\n  }`,
    ),
    ...(TlsConfig === undefined
      ? []
      : [
          `  tls_config {\n    server_name_to_verify = ${quoted(String((TlsConfig as Members).ServerNameToVerify))}\n  }`,
        ]),
  ];
  const resources = [
    resource('aws_apigatewayv2_integration', name, [`  api_id = ${api}`, ...argumentsOf(members), ...blocks]),
    ...responses.map((response, at) =>
      resource('aws_apigatewayv2_integration_response', `${name}_${at + 1}`, [
        `  api_id         = ${api}`,
        `  integration_id = aws_apigatewayv2_integration.${name}.id`,
        ...argumentsOf(response),
      ]),
    ),
  ];
  return resources.join('\n\n');
}

const resource = (type: string, name: string, lines: readonly string[]): string =>
  `resource "${type}" "${name}" {\n${lines.join('\n')}\n}`;

function argumentsOf(members: Members): readonly string[] {
  return Object.entries(members).map(([member, value]) => {
    const text =
      typeof value === 'object'
        ? mapText(value as Members, 1)
        : typeof value === 'number'
          ? String(value)
          : quoted(String(value));
    return `  ${ARGUMENTS[member] ?? underscored(member)} = ${text}`;
  });
}

function mapText(map: Members, depth: number): string {
  const indent = '  '.repeat(depth);
  const lines = Object.entries(map).map(
    ([key, value]) => `${indent}  ${quoted(key)} = ${quoted(String(value))}`,
  );
  return `{\n${lines.join('\n')}\n${indent}}`;
}

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
