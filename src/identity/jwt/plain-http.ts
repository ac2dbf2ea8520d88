// Which issuers may be asked without TLS (spec/http-api.md §6.2.3; management-api.md §2.6.2). Who stands between the gateway and
// such an issuer can put its own keys in the place of the issuer's, and then sign.
import { isLoopbackHost } from '../../grammar/loopback-host.ts';
import { type JwtSettings, settingsOf } from './settings.ts';

/** Whether an issuer's URL is one of http that is allowed: on this machine, named by the operator, or any where the operator
 *  says so. */
export function isAllowedHttpIssuer(issuer: string, settings: JwtSettings): boolean {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol !== 'http:') return false;
  return settings.anyHttpIssuer || isLoopbackHost(url.host) || settingsOf(issuer, settings) !== undefined;
}

/** Which URLs of http may be asked for the sake of an issuer: none for one of https. Beside the issuer's own host those of this
 *  machine, so that a key set is no worse kept than the document that names it. */
export function allowedHttp(issuer: string, settings: JwtSettings): (url: URL) => boolean {
  if (!isAllowedHttpIssuer(issuer, settings)) return () => false;
  const { hostname } = new URL(issuer);
  return (url) => settings.anyHttpIssuer || url.hostname === hostname || isLoopbackHost(url.host);
}
