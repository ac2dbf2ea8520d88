// Statements that a test outside the conformance rows shows. coverage.test.ts checks that the file has a test of that name.

export interface Elsewhere {
  readonly statements: readonly string[];
  readonly file: string;
  /** How the test's name begins. */
  readonly test: string;
}

export const elsewhere: readonly Elsewhere[] = [
  {
    statements: ['§3.8-2'],
    file: 'src/net/upstream/connection.test.ts',
    test: 'stale connections: a fresh connection that ends is not repeated',
  },
  {
    statements: ['§3.3-13', '§3.8 event: unreachable'],
    file: 'src/net/upstream/tls.test.ts',
    test: 'TLS: a certificate of a known authority for the host is accepted',
  },
  {
    statements: ['§5.1-1'],
    file: 'test/end-to-end/management-apis.test.ts',
    test: 'CORS: members merge, [] clears, {} and DeleteCorsConfiguration leave none',
  },
  {
    statements: ['§3.1-1'],
    file: 'test/end-to-end/management-integrations.test.ts',
    test: 'an integration that routes target cannot be deleted',
  },
  {
    statements: ['§3.5-9'],
    file: 'test/end-to-end/management-vpc-links.test.ts',
    test: 'a VPC link is created, read, listed in pages, renamed, tagged and deleted',
  },
  {
    statements: ['§3.5-3'],
    file: 'test/end-to-end/private-integrations.test.ts',
    test: 'a Cloud Map service is asked for by DiscoverInstances',
  },
  {
    statements: ['§3.5-4', '§3.5-5', '§3.1 field: TlsConfig.ServerNameToVerify'],
    file: 'test/end-to-end/private-integrations.test.ts',
    test: 'TlsConfig: HTTPS, with the name to verify as SNI and checked in the certificate',
  },
  {
    statements: ['§3.5-6', '§3.5-7', '§3.5-8'],
    file: 'test/end-to-end/private-integrations.test.ts',
    test: 'a private backend gets the path with the stage, the client’s Host, and Forwarded without by',
  },
  {
    statements: ['§4.16#69', '§4.16#70'],
    file: 'test/end-to-end/private-integrations.test.ts',
    test: 'overwrite:path takes the stage out, overwrite:header.host changes the host',
  },
  {
    statements: ['§3.5-11'],
    file: 'test/end-to-end/private-integrations.test.ts',
    test: 'a load balancer’s own error passes through',
  },
  {
    statements: ['§3.8 event: private link'],
    file: 'test/end-to-end/private-integrations.test.ts',
    test: 'a listener without targets, and one that the configuration does not name, answer 503',
  },
];
