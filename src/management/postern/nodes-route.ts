// GET /_postern/nodes: the nodes of the cluster as this one sees them, what is wrong between them, and what is worth knowing
// (docs/guide/nodes.md). None where the store is a file of this machine.
import { jsonReply, type PosternRoute } from './postern-routes.ts';

export const NODES = 'GET /_postern/nodes';

export interface NodesView {
  shown(): readonly object[];
  problems(): readonly string[];
  /** Nothing of it is wrong. */
  notes(): readonly string[];
}

export function nodesRoute(view: NodesView | undefined): PosternRoute {
  return async () => {
    return jsonReply(200, {
      nodes: view?.shown() ?? [],
      problems: view?.problems() ?? [],
      notes: view?.notes() ?? [],
    });
  };
}
