// What spec/http-api.md §3.5 states, one entry a bullet. Ids: see ../statements.ts.
import type { Statements } from '../statements.ts';

export const privateIntegrationStatements: Statements = {
  '§3.5-1': 'HTTP_PROXY over a VPC link of the account',
  '§3.5-2': 'the URI is a listener’s or a Cloud Map service’s ARN',
  '§3.5-3': 'Cloud Map: DiscoverInstances with the query as attributes; load is spread; nobody there is 503',
  '§3.5-4': 'HTTP, or HTTPS as soon as there is a TlsConfig',
  '§3.5-5': 'ServerNameToVerify is SNI and checked; it is no Host',
  '§3.5-6': 'the whole path with the stage',
  '§3.5-7': 'the client’s Host is kept',
  '§3.5-8': 'query, headers and body as for public backends; Forwarded without by',
  '§3.5-9': 'VPC links cannot change their subnets and groups',
  '§3.5-10': 'VPC link states',
  '§3.5-11': 'what a load balancer answers passes through',
};
