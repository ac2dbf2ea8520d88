// The server that `postern dev` deploys to: one that it starts, or one that runs already (spec/definitions.md §12.1).
import type { DeployAnswer } from '../../definitions/deploy-answer.ts';
import type { DeployRequest, StackPlace } from '../../definitions/deploy-request.ts';
import { StoreError } from '../../store/store-error.ts';
import { CommandError } from '../command-error.ts';
import { askToDeploy } from '../deploy/stacks-door.ts';
import { callDoor, type Door, doorOf } from '../management-call.ts';
import { type LoneServer, type LoneServerOptions, openServer } from '../server.ts';
import { readEnvironment } from '../settings.ts';

/** Who develops waits for no request that is still running. */
const CLOSE_MILLIS = 1_000;

export interface DevServer {
  /** Undefined where another process has it. */
  readonly own: LoneServer | undefined;
  /** Where the management door is. */
  readonly address: string;
  deploy(request: DeployRequest, place: StackPlace): Promise<DeployAnswer>;
  close(signal: NodeJS.Signals): Promise<void>;
}

/** `endpoint` names one that runs. Throws UsageError, CommandError, StartError and StoreError. */
export async function devServer(
  options: LoneServerOptions,
  endpoint: string | undefined,
): Promise<DevServer> {
  const { settings } = options;
  const door = doorOf(settings, await readEnvironment(), endpoint);
  if (endpoint !== undefined) return runningServer(options, door);
  try {
    const own = await openServer(options);
    const { postern } = own;
    return {
      own,
      address: postern.management,
      deploy: (request, place) => postern.deploy(request, place),
      close: (signal) => own.close(signal, CLOSE_MILLIS),
    };
  } catch (error) {
    if (!(error instanceof StoreError) || error.problem !== 'locked') throw error;
    return runningServer(options, door, error);
  }
}

/** `locked` is why none could be started. */
async function runningServer(
  { debugFrom }: Pick<LoneServerOptions, 'debugFrom'>,
  door: Door,
  locked?: StoreError,
): Promise<DevServer> {
  if (debugFrom !== undefined) {
    throw new CommandError(
      `--debug is for functions of a server that "postern dev" starts, and one runs already at ${door.url.origin}: end that one.`,
    );
  }
  try {
    await callDoor(door, { method: 'GET', path: '/_postern/health' });
  } catch (error) {
    if (!(error instanceof CommandError) || locked === undefined) throw error;
    throw new CommandError(
      `${locked.message} If that is a Postern, it is not at ${door.url.origin}: say where with --endpoint URL.`,
      { cause: error },
    );
  }
  return {
    own: undefined,
    address: door.url.origin,
    deploy: (request, place) => askToDeploy(door, place, request),
    close: async () => undefined,
  };
}
