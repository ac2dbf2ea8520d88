// moto_server, the management door to compare with.
import { join } from 'node:path';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { Bench } from '../bench.ts';
import { call } from '../call.ts';
import { managementClient } from '../gateways/postern-api.ts';
import { freePort, Program } from '../program.ts';

export interface Moto {
  readonly name: 'moto';
  readonly port: number;
  readonly program: Program;
  readonly client: ApiGatewayV2Client;
}

/** Starts it on the gateway's core; undefined where it is not installed. */
export async function startMoto(bench: Bench): Promise<Moto | undefined> {
  const port = await freePort();
  const program = new Program({
    name: 'moto_server',
    command: 'moto_server',
    args: ['-H', '127.0.0.1', '-p', String(port)],
    cores: bench.cores,
    on: bench.cores.gateway,
    log: join(bench.folder, 'moto.log'),
  });
  try {
    await program.ready(async () => (await call({ port, path: '/moto-api/data.json' })).status === 200, 100);
  } catch (error) {
    bench.say(`  no moto_server: ${String(error).split('\n')[0]}`);
    await program.stop();
    return undefined;
  }
  return { name: 'moto', port, program, client: managementClient(port) };
}
