// `Via`: the gateway's own entry, by which it knows a request that comes back to it (spec/http-api.md §3.3).

const PSEUDONYM = 'AmazonAPIGateway';

/** The entry that every request to an HTTP backend gets. */
export const VIA = `HTTP/1.1 ${PSEUDONYM}`;

/** How often a request may have passed this gateway: an API may be behind another, and that behind a third. */
const MAX_PASSES = 10;

/** `$context.integrationErrorMessage` of a request that comes back to the gateway again and again. */
export const LOOP = `A loop: the request has passed this gateway ${MAX_PASSES} times before`;

/** Whether a Via value names this gateway too often. */
export function isLoop(via: string): boolean {
  let count = 0;
  for (let at = via.indexOf(PSEUDONYM); at >= 0; at = via.indexOf(PSEUDONYM, at + PSEUDONYM.length)) count++;
  return count >= MAX_PASSES;
}
