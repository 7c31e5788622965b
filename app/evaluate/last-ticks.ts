import { ticksNote } from '../../core/selfcheck/vitals/stored-rules.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';

/** When each source's rules were last judged with everything committed. */
export type LastTicks = {
  /** Undefined before the first tick, and after the clock was ahead. */
  of(source: string): number | undefined;
  /**
   * Notes a finished tick. `late`: others may have noted theirs since the read. Overlapping
   * evaluations may overwrite each other's note; then rules are judged once more, which is
   * harmless.
   */
  note(sources: readonly string[], late: boolean): Promise<void>;
};

export async function lastTicks(
  { store, config, log }: Pick<Ports, 'store' | 'config' | 'log'>,
  now: number,
): Promise<LastTicks> {
  const read = async (): Promise<Map<string, number>> =>
    new Map(Object.entries((await readNote(store, ticksNote))?.sources ?? {}));
  const ticks = await read();
  const ahead = [...ticks.values()].filter((at) => at > now);
  if (ahead.length > 0)
    log('warn', 'the clock was set back; every rule is evaluated anew', { from: Math.max(...ahead), to: now });
  return {
    of(source) {
      const last = ticks.get(source);
      return last !== undefined && last <= now ? last : undefined;
    },
    async note(sources, late) {
      if (sources.length === 0) return;
      const before = late ? await read() : ticks;
      const noted = new Map<string, number>();
      for (const source of Object.keys(config.sources)) {
        const at = sources.includes(source) ? now : before.get(source);
        if (at !== undefined) noted.set(source, at);
      }
      await writeNote(store, ticksNote, { sources: Object.fromEntries(noted) });
    },
  };
}
