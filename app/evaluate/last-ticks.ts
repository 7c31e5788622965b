import type { Ports } from '../ports/ports.ts';

const key = 'tick';

/** When the rules of each source were last judged and everything that followed was committed. */
export type LastTicks = {
  /** Undefined before the first tick, and after a clock that had run ahead. */
  of(source: string): number | undefined;
  /**
   * Notes that a tick is done. `late`: others may have noted theirs since these were read. Evaluations that overlap may each
   * forget what the other noted a moment before: then rules are judged once more, which changes nothing.
   */
  note(sources: readonly string[], late: boolean): Promise<void>;
};

export async function lastTicks(
  { store, config, log }: Pick<Ports, 'store' | 'config' | 'log'>,
  now: number,
): Promise<LastTicks> {
  const read = async (): Promise<Map<string, number>> => ticksOf(await store.meta(key));
  const ticks = await read();
  const ahead = [...ticks.values()].filter((at) => at > now);
  if (ahead.length > 0)
    log('warn', 'the clock was set back; every rule is evaluated anew', { from: Math.max(...ahead), to: now });
  return {
    of(source) {
      const last = lastOf(ticks, source);
      return last !== undefined && last <= now ? last : undefined;
    },
    async note(sources, late) {
      if (sources.length === 0) return;
      const before = late ? await read() : ticks;
      const noted = Object.keys(config.sources).map((source) => [
        source,
        sources.includes(source) ? now : lastOf(before, source),
      ]);
      await store.setMeta(key, JSON.stringify(Object.fromEntries(noted)));
    },
  };
}

/** No name of a source: earlier versions noted one time for all of them. */
const everySource = '';

const lastOf = (ticks: ReadonlyMap<string, number>, source: string): number | undefined =>
  ticks.get(source) ?? ticks.get(everySource);

function ticksOf(text: string | undefined): Map<string, number> {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '{}');
  } catch {
    value = {};
  }
  if (typeof value === 'number') return new Map([[everySource, value]]);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return new Map(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
