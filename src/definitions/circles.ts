// Circles among resources (spec/definitions.md §2.2.4).

/** The nodes of circles, and those between circles, in the order of `edges`; none where the graph has an order. */
export function circleIn(edges: ReadonlyMap<string, Iterable<string>>): readonly string[] {
  const forth = new Map(Array.from(edges, ([from, to]) => [from, new Set(to)] as const));
  const back = new Map<string, Set<string>>(Array.from(edges.keys(), (id) => [id, new Set<string>()]));
  for (const [from, targets] of forth) {
    for (const to of targets) {
      if (back.has(to)) back.get(to)!.add(from);
      else targets.delete(to);
    }
  }
  // What leads nowhere, or is led to from nowhere, is in no circle.
  peel(forth, back);
  peel(back, forth);
  return [...forth.keys()];
}

/** Removes what has nothing in `ahead`, until all that is left has. */
function peel(ahead: Map<string, Set<string>>, behind: Map<string, Set<string>>): void {
  const free = [...ahead.keys()].filter((id) => ahead.get(id)!.size === 0);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    for (const other of behind.get(id)!) {
      const left = ahead.get(other)!;
      left.delete(id);
      if (left.size === 0) free.push(other);
    }
    ahead.delete(id);
    behind.delete(id);
  }
}
