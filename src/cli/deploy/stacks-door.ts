// Calls of a server's routes for stacks.
import type { DeployAnswer } from '../../definitions/deploy-answer.ts';
import type { DeployRequest, StackPlace } from '../../definitions/deploy-request.ts';
import { CommandError } from '../command-error.ts';
import { callDoor, type Door, type DoorRequest, messageOf } from '../management-call.ts';

/** What a server answers to a deploy, refusals of the definition among them. Throws CommandError. */
export async function askToDeploy(
  door: Door,
  place: StackPlace,
  request: DeployRequest,
): Promise<DeployAnswer> {
  const reply = await callDoor(doorOf(door, place), {
    ...{ method: 'POST', path: '/_postern/stacks', query: queryOf(place) },
    body: JSON.stringify(request),
  });
  const answer = answerIn(reply.text);
  if (answer !== undefined) return answer;
  throw new CommandError(`The server at ${door.url.origin} deploys nothing: ${messageOf(reply)}.`);
}

/** An answer of one of the other routes. Throws CommandError with what the server says. */
export async function askStacks<T>(
  door: Door,
  place: StackPlace,
  request: Pick<DoorRequest, 'method' | 'path' | 'query'>,
): Promise<T> {
  const query = { ...queryOf(place), ...request.query };
  const reply = await callDoor(doorOf(door, place), { ...request, query });
  if (reply.status === 200) return JSON.parse(reply.text);
  throw new CommandError(messageOf(reply));
}

/** Signatures name the region too. */
const doorOf = (door: Door, { region }: StackPlace): Door =>
  region === undefined ? door : { ...door, region };

const queryOf = ({ account, region }: StackPlace): Readonly<Record<string, string>> => ({
  ...(account === undefined ? {} : { accountId: account }),
  ...(region === undefined ? {} : { region }),
});

/** Undefined for what refuses the call rather than the definition. */
function answerIn(text: string): DeployAnswer | undefined {
  try {
    const answer: DeployAnswer = JSON.parse(text);
    return answer.outcome === undefined ? undefined : answer;
  } catch {
    return undefined;
  }
}
