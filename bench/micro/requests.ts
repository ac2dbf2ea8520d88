// The messages micro benchmarks work on: the header lines of the load's request, and a longer browser-like set.
import { HEADERS } from '../load/requests.ts';

export const HEADER_LINES = `${lines({ host: 'a1b2c3d4e5.execute-api.localhost', ...HEADERS })}\r\n`;

export const LONG_HEADER_LINES = `${lines({
  host: 'a1b2c3d4e5.execute-api.localhost',
  ...HEADERS,
  authorization: `Bearer ${'eyJhbGciOiJSUzI1NiJ9'.repeat(40)}`,
  ...Object.fromEntries(
    Array.from({ length: 15 }, (_, i) => [`x-header-${i}`, `value ${'v'.repeat(3 * i)}`]),
  ),
})}\r\n`;

function lines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}
