// How workers accept connections of one address: each by a listener of its own with SO_REUSEPORT where Node.js and the system have it,
// else the primary accepts and hands connections round (`node:cluster`).
import { type AddressInfo, createServer, type ListenOptions } from 'node:net';

export interface Accepting {
  /** The one that was asked for, or the one that the system chose for 0. */
  readonly port: number;
  readonly how: 'reusePort' | 'roundRobin';
  /** What the system said to SO_REUSEPORT, where it was tried. */
  readonly refusal?: string;
}

/** Takes the address for a moment without sharing it: nobody else has it then. Rejects with the system's error when it cannot be had. */
export async function prepareAccepting(host: string, port: number): Promise<Accepting> {
  const own = await takeOnce({ host, port });
  if (!mayHaveReusePort()) return { port: own, how: 'roundRobin' };
  try {
    await takeOnce({ host, port: own, reusePort: true });
    return { port: own, how: 'reusePort' };
  } catch (error) {
    return { port: own, how: 'roundRobin', refusal: String(error) };
  }
}

/** Node.js 22.12 and later pass it on. Of the systems that take it Linux alone shares connections out. */
function mayHaveReusePort(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return process.platform === 'linux' && (major > 22 || (major === 22 && minor >= 12));
}

/** Node.js's declarations of the oldest version that is supported do not have it. */
interface Address extends ListenOptions {
  readonly reusePort?: true;
}

function takeOnce(at: Address): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ ...at, exclusive: true }, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
