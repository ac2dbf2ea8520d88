// The upstream to private targets, held for as long as a route lives.
import { PrivateUpstream } from '../backends/private-targets/private-upstream.ts';
import type { TargetGroup } from '../backends/private-targets/target-group.ts';
import type { Upstream } from '../net/upstream/upstream.ts';
import type { Hold, StageMeans } from './stage-means.ts';

/** `acquire` asks for the targets; undefined when nothing says where they are. With a server name they are called by HTTPS. */
export function holdTargets(
  acquire: () => TargetGroup | undefined,
  serverName: string | undefined,
  { means: { privateTargets, pools }, hold }: { readonly means: StageMeans; readonly hold: Hold },
): Upstream | undefined {
  const group = hold(acquire, (held) => held !== undefined && privateTargets.release(held));
  if (group === undefined) return undefined;
  return hold(
    () => group.upstreams.acquire(serverName ?? '', () => new PrivateUpstream(group, pools, serverName)),
    (held) => group.upstreams.release(held),
  );
}
