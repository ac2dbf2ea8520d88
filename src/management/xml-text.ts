// Text in XML.

// What may not stand in XML 1.0 at all becomes U+FFFD.
const UNPRINTABLE = /[^\t\n\r\x20-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** As it stands between tags. */
export function xmlText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;')
    .replace(UNPRINTABLE, '\ufffd');
}
