/** A trace in which a value was measured, as an exemplar of OpenTelemetry names it. */
export type TraceExample = {
  /** 32 hexadecimal digits. */
  trace: string;
  value: number;
  /** When it was measured; milliseconds since the epoch. */
  at: number;
};

/**
 * So many traces with the largest values, and so many with the smallest: which are the bad ones,
 * the rule says.
 */
const mostAtAnEnd = 2;

/**
 * The traces at both ends of two lists, the largest value first; a trace stands at an end once.
 * Merging is associative and commutative: of all that were merged, always the same ones stay.
 */
export function mergeExamples(a: readonly TraceExample[] = [], b: readonly TraceExample[] = []): readonly TraceExample[] {
  const all = [...a, ...b].sort(inOrder);
  const high = firstOfEach(all);
  const low = firstOfEach(all.toReversed()).toReversed();
  const kept = new Map([...high, ...low].map((one) => [`${one.trace} ${one.value} ${one.at}`, one]));
  return [...kept.values()].sort(inOrder);
}

/** Equal ones are the same. */
const inOrder = (x: TraceExample, y: TraceExample): number =>
  y.value - x.value || x.at - y.at || (x.trace === y.trace ? 0 : x.trace < y.trace ? -1 : 1);

function firstOfEach(sorted: readonly TraceExample[]): TraceExample[] {
  const found = new Map<string, TraceExample>();
  for (const one of sorted) {
    if (found.size === mostAtAnEnd) break;
    if (!found.has(one.trace)) found.set(one.trace, one);
  }
  return [...found.values()];
}
