// Classes of octets in HTTP/1.1 heads (RFC 9110 §5.5, §5.6.2; RFC 3986 §3), as one table for the scanners.

/** May stand in a token: methods, field names, chunk extensions. */
export const TOKEN = 1;
/** May stand in a field value: HTAB, SP, visible ASCII, obs-text. */
export const FIELD = 2;
/** May stand in a request target: visible ASCII without `#` (a fragment is never sent, RFC 9112 §3.2). Octets that RFC
 *  3986 wants encoded, such as `{`, `|` and `"`, are let through: clients send them raw and their meaning is plain. */
export const TARGET = 4;
/** A to Z. */
export const UPPER = 8;
/** a to z. */
export const LOWER = 16;
/** May stand in a Host value: no delimiter that would end an authority or set off user information (RFC 3986 §3.2). */
export const HOST = 32;

export const octets = new Uint8Array(256);

for (let code = 0; code < 256; code++) {
  const char = String.fromCharCode(code);
  let bits = 0;
  if (/[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(char)) bits |= TOKEN;
  if (code === 0x09 || (code >= 0x20 && code !== 0x7f)) bits |= FIELD;
  if (code > 0x20 && code < 0x7f && char !== '#') bits |= TARGET;
  if (code >= 0x41 && code <= 0x5a) bits |= UPPER;
  if (code >= 0x61 && code <= 0x7a) bits |= LOWER;
  if (/[A-Za-z0-9\-._~%!$&'()*+,;=:[\]]/.test(char)) bits |= HOST;
  octets[code] = bits;
}
