/** One cycle for each group of nodes that reach each other: the nodes on it, lowest first. */
export function cyclesOf(next: readonly (readonly number[])[]): number[][] {
  const cycles: number[][] = [];
  const reported = new Set<number>();
  for (const start of next.keys()) {
    if (reported.has(start)) continue;
    const cycle = shortestWayBack(next, start);
    if (cycle === undefined) continue;
    for (const node of cycle) reported.add(node);
    cycles.push(cycle);
  }
  return cycles;
}

function shortestWayBack(next: readonly (readonly number[])[], start: number): number[] | undefined {
  const queue: number[][] = [[start]];
  const seen = new Set<number>();
  for (let way = queue.shift(); way !== undefined; way = queue.shift()) {
    for (const node of next[way.at(-1) as number] ?? []) {
      if (node === start) return way;
      if (seen.has(node)) continue;
      seen.add(node);
      queue.push([...way, node]);
    }
  }
  return undefined;
}
