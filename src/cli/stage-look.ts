// What a running server says of its stages: those that are not live as wanted, and routes that cannot run.
import { type StageReport, stageProblems } from '../findings/stage-problems.ts';
import type { Credentials } from '../identity/sigv4.ts';
import { sign } from './management-call.ts';

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
    const { stages } = (await response.json()) as { readonly stages: readonly StageReport[] };
    return { stages: stages.length, problems: stages.flatMap(stageProblems) };
  } catch {
    return undefined;
  }
}
