// GET /_postern/me: who calls, as the console asks when it begins. It tells a caller of itself alone, so that whoever may sign may ask.
import type { LiveRequests } from '../../stage/request-summary.ts';
import { mayWrite } from '../permissions.ts';
import { jsonReply, type PosternRoute } from './postern-routes.ts';

export interface Me {
  /** Of the program: `0.1.0`. */
  readonly version: string;
  readonly accountId: string;
  readonly region: string;
  /** Whether calls have to be signed. */
  readonly isSigned: boolean;
  /** The access key that signed. */
  readonly name?: string | undefined;
  /** Whether there is anything that it may change. What it may not after all, its call is refused. */
  readonly canWrite: boolean;
  /** When requests are kept to be looked at. */
  readonly liveRequests: LiveRequests;
}

export function meRoute(
  version: () => Promise<string>,
  liveRequests: () => Promise<LiveRequests>,
): PosternRoute {
  return async ({ caller: { account, region, identity } }) => {
    const me: Me = {
      version: await version(),
      accountId: account,
      region,
      isSigned: identity !== undefined,
      name: identity?.accessKeyId,
      canWrite: identity === undefined || mayWrite(identity),
      liveRequests: await liveRequests(),
    };
    return jsonReply(200, me);
  };
}
