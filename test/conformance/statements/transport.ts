// What spec/http-api.md §10 states, one entry a statement. Ids: see ../statements.ts.
import type { Statements } from '../statements.ts';

export const transportStatements: Statements = {
  '§10.1-1': 'HTTPS only, security policy TLS_1_2, TLS 1.3 offered, SNI',
  '§10.1-2': 'status of domain names',
  '§10.2-1': 'mutual TLS on custom domains, never on the default endpoint',
  '§10.2-2': 'MutualTlsAuthentication and its warnings; an empty TruststoreUri disables it',
  '§10.2-3': 'what a truststore holds: chains, key sizes, digests',
  '§10.2-4': 'what of a client certificate is checked',
  '§10.2-5': 'what becomes of clients that fail',
  '§10.2-6': 'warnings at create and update alone; a truststore that cannot be read',
  '§10.2-7': 'the text of conflicting certificates',
  '§10.2-8': 'OwnershipVerificationCertificateArn',
  '§10.2-9': 'certificate data in events and $context',
  '§10.2-10': 'backends get the certificate by mapping alone',
  '§10.3-1': 'HTTP/1.1 and HTTP/2 from clients, HTTP/1.1 to backends and in protocol fields',
  '§10.3-2': 'request bodies of at most 10 MB, chunked too; no streaming',
  '§10.3-3': 'no compression; Content-Encoding passes through',
  '§10.3-4': 'bodies are bytes',
  '§10.3-5': 'keep-alive to clients',
  '§10.3-6': 'what HTTP APIs do not have',
  '§10.3-7': '/ping and /sping are not reserved',
};
