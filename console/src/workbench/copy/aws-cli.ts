// An integration as commands of the AWS CLI, for a POSIX shell.
import type { Definition, Members } from './definition.ts';

export function asAwsCli({ apiId, integrationId, integration, responses }: Definition): string {
  const { IntegrationSubtype, ...members } = integration;
  const subtype = IntegrationSubtype === undefined ? {} : { IntegrationSubtype };
  return [
    command('update-integration', { ApiId: apiId, IntegrationId: integrationId, ...subtype, ...members }),
    ...responses.map((response) =>
      command('create-integration-response', { ApiId: apiId, IntegrationId: integrationId, ...response }),
    ),
  ].join('\n');
}

function command(name: string, members: Members): string {
  const options = Object.entries(members).map(
    ([member, value]) => `  --${dashed(member)} ${shellWord(value)}`,
  );
  return [`aws apigatewayv2 ${name}`, ...options].join(' \\\n');
}

/** `IntegrationUri` → `integration-uri`. */
const dashed = (member: string): string =>
  member.replace(/[A-Z]/g, (letter, at) => `${at === 0 ? '' : '-'}${letter.toLowerCase()}`);

function shellWord(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /^[\w./:@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
