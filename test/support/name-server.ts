// The name server of examples/private-integration, for tests.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export type NameRecord =
  | { readonly name: string; readonly type: 'A'; readonly address: string }
  | {
      readonly name: string;
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    };

export interface NameServer {
  readonly port: number;
  records: readonly NameRecord[];
  close(): Promise<void>;
}

/** Starts it on 127.0.0.1, on a port of the system's choice. */
export async function startNameServer(records: readonly NameRecord[]): Promise<NameServer> {
  const file = resolve('examples/private-integration/name-server.mjs');
  const { startNameServer: start } = (await import(pathToFileURL(file).href)) as {
    startNameServer(port: number, records: readonly NameRecord[]): Promise<NameServer>;
  };
  return start(0, records);
}
