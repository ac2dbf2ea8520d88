// What the `jwt:` section of the configuration file says of issuers (docs/reference/settings.md).

/** Where an issuer is asked instead of at its own URL. */
export interface IssuerSettings {
  /** As authorizers name it, perhaps but for a `/` at the end. An issuer of http that is named here is allowed. */
  readonly issuer: string;
  /** Origin that stands in for the issuer's: `http://127.0.0.1:9000`. */
  readonly address: string | undefined;
  /** Certificates trusted for it besides Node's own, in PEM. */
  readonly ca: string | undefined;
}

export interface JwtSettings {
  readonly issuers: readonly IssuerSettings[];
  /** Whether authorizers may name any issuer of http. */
  readonly anyHttpIssuer: boolean;
}

/** What is said of an issuer. */
export function settingsOf(issuer: string, { issuers }: JwtSettings): IssuerSettings | undefined {
  const plain = withoutSlash(issuer);
  return issuers.find((each) => withoutSlash(each.issuer) === plain);
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '');
}
