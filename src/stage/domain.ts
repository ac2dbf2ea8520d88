// The host that a request was addressed to; one value per spelling of it, kept by the gateway.

export interface Domain {
  /** `$context.domainName`: the Host header's host, without port. */
  readonly name: string;
  /** Its first label. */
  readonly prefix: string;
  /** Ready for a Forwarded element: quoted where needed (RFC 7239). */
  readonly forwardedHost: string;
}
