// What a running server says of its stages: those that are not live as wanted, and routes that cannot run.
import type { Credentials } from '../identity/sigv4.ts';
import { sign } from './management-call.ts';

/** Of the reply of GET /_postern/stages. */
interface Reply {
  readonly stages: readonly {
    readonly apiId: string;
    readonly stageName: string;
    readonly problem?: string;
    readonly routeProblems: readonly {
      readonly routeKey: string;
      readonly part: string;
      readonly reason: string;
    }[];
  }[];
}

export interface StageLook {
  readonly stages: number;
  /** A sentence each. */
  readonly problems: readonly string[];
}

const PATIENCE_IN_MILLIS = 5000;

/** Asks the management door at an origin. Undefined when it does not tell: it wants other credentials, or is older. */
export async function lookAtStages(
  origin: string,
  credentials: Credentials | undefined,
  region: string,
): Promise<StageLook | undefined> {
  const url = new URL('/_postern/stages', origin);
  const headers = { host: url.host };
  const signed =
    credentials === undefined
      ? headers
      : await sign({ method: 'GET', url, body: '', headers, credentials, region });
  try {
    const response = await fetch(url, {
      headers: signed,
      signal: AbortSignal.timeout(PATIENCE_IN_MILLIS),
    });
    if (!response.ok) return undefined;
    const { stages } = (await response.json()) as Reply;
    return { stages: stages.length, problems: stages.flatMap(problemsOf) };
  } catch {
    return undefined;
  }
}

function problemsOf({ apiId, stageName, problem, routeProblems }: Reply['stages'][number]): string[] {
  const where = `stage ${stageName} of API ${apiId}`;
  return [
    ...(problem === undefined ? [] : [`${where}: ${problem}`]),
    ...routeProblems.map(
      ({ routeKey, part, reason }) =>
        `${where}, route ${routeKey}: the ${part} cannot run and answers with a failure: ${reason}`,
    ),
  ];
}
