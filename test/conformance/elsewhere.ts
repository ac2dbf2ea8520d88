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
];
