// Whether clients on this machine find `{apiId}.execute-api.localhost`: browsers and curl resolve names under localhost
// themselves, Node.js, Python and others ask the system, which on many knows none but `localhost`.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type Address, isLoopback } from '../settings/address.ts';

/** The ApiEndpoint's host where names resolve. */
export const LOCAL_NAMES = '{apiId}.execute-api.localhost';

/** A resolver that takes longer asks somebody else, who does not know it either. */
const PATIENCE_IN_MILLIS = 1_000;

/** What is wrong with the names of a pattern with `{apiId}` in it, for a gateway that listens at `host`; undefined when they
 *  lead there. */
export async function nameProblem(pattern: string, { host }: Address): Promise<string | undefined> {
  const name = pattern.replaceAll('{apiId}', 'a1b2c3d4e5');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_IN_MILLIS, undefined);
  });
  try {
    const found = await Promise.race([lookup(name, { all: true }), late]);
    if (found === undefined) return `the system's resolver does not answer for ${name}`;
    if (found.some(({ address }) => leadsTo(address, host))) return undefined;
    return `${name} is ${found.map(({ address }) => address).join(', ')}, where the gateway does not listen`;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `the system's resolver does not know ${name} (${code})`;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a listener at `host` takes connections to an address. */
function leadsTo(address: string, host: string): boolean {
  if (host === '0.0.0.0' || host === '::') return true;
  return host === 'localhost' ? isLoopback(address) : isIP(host) === 0 || address === host;
}
