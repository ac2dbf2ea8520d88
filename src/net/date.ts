// The Date header's value, made once a second.

let second = 0;
let text = '';

/** `Sun, 22 Nov 2026 23:41:31 GMT` of epoch milliseconds. */
export function httpDate(epochMillis: number): string {
  const now = Math.floor(epochMillis / 1000);
  if (now !== second) {
    second = now;
    text = new Date(now * 1000).toUTCString();
  }
  return text;
}
