/**
 * So many requests run at a time: a storm of thousands must not keep the server from everybody
 * else.
 */
const mostAtOnce = 4;

/** What became of each incident so far. */
export type Outcomes<D> = ReadonlyMap<string, D | { state: 'sending' }>;

/**
 * Acknowledges one by one; what is committed counts, and nothing else. Goes on past one that fails.
 * `isOver`: whoever asked for it wants no more of them. `told` is called after each.
 */
export async function acknowledgeAll<D extends { state: string }>(
  ids: readonly string[],
  { told, isOver, send }: { told(outcomes: Outcomes<D>): void; isOver(): boolean; send(id: string): Promise<D> },
): Promise<Outcomes<D>> {
  const outcomes = new Map<string, D | { state: 'sending' }>();
  const waiting = ids.values();
  const work = async (): Promise<void> => {
    for (const id of waiting) {
      if (isOver()) return;
      outcomes.set(id, { state: 'sending' });
      told(outcomes);
      outcomes.set(id, await send(id));
      told(outcomes);
    }
  };
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, ids.length) }, work));
  return outcomes;
}
