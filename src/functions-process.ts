// The composition of the functions host's process: its primary says over descriptor 3 which functions there are and where it takes
// calls. It ends with its primary.
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { FunctionsServer } from './cluster/functions/functions-server.ts';
import {
  CALL,
  CHANNEL_FD,
  FUNCTION_CHANNEL,
  type HostBeginning,
  type HostCalls,
  LINES,
} from './cluster/functions/protocol.ts';
import { outputOf } from './cluster/workers/primary-output.ts';
import { serveCalls } from './net/channel/calls.ts';
import { Channel } from './net/channel/channel.ts';
import { environmentOfProcess } from './settings/settings.ts';
import { createLog } from './telemetry/log.ts';

/** Serves until the primary ends the conversation. */
export function serveFunctions(): void {
  let server: FunctionsServer | undefined;
  const calls: HostCalls = {
    async begin(beginning) {
      server = await begin(beginning, channel);
    },
    replace: async (lists) => server?.replace(lists),
    counts: async () => server?.counts ?? { functions: [] },
    close: async (deadlineMillis) => server?.close(deadlineMillis),
  };
  const answer = serveCalls(calls);
  const channel = new Channel(
    new Socket({ fd: CHANNEL_FD }),
    {
      onAsk(kind, body) {
        if (kind !== CALL) throw new Error(`The functions host is not asked for ${kind}.`);
        return answer(body);
      },
      onTell: () => undefined,
      onEnd: () => void end(server),
    },
    FUNCTION_CHANNEL,
  );
}

async function begin(beginning: HostBeginning, channel: Channel): Promise<FunctionsServer> {
  const { socket, lists, region, log: style } = beginning;
  const log = createLog({ ...style, output: outputOf(process.stdout, channel, LINES) });
  process.on('uncaughtException', (err) => {
    // Nobody else would get to write it.
    createLog({ ...style, output: process.stdout })('program.failed', { err });
    process.exit(1);
  });
  const server = new FunctionsServer(lists, { region, environment: environmentOfProcess(), log });
  // What the one before has left.
  await rm(socket, { force: true });
  await server.listen(socket);
  return server;
}

/** Functions whose primary has gone have nobody to answer. */
async function end(server: FunctionsServer | undefined): Promise<void> {
  await server?.close(0);
  process.exit(0);
}
