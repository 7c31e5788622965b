import { setTimeout as pauseFor } from 'node:timers/promises';

/** How to poll something that takes minutes. */
export type Watch = {
  now(): number;
  /** Returns early once the signal says so. */
  pause(ms: number): Promise<void>;
  /** Somebody pressed Ctrl-C: what was changed is put back, and nothing else begins. */
  signal: AbortSignal;
  /** Tells whoever waits what is being waited for. */
  tell(line: string): void;
};

export const watchBy = (signal: AbortSignal, tell: (line: string) => void): Watch => ({
  now: Date.now,
  pause: (ms) => pauseFor(ms, undefined, { signal }).catch(() => undefined),
  signal,
  tell,
});

/** Asks until there is something, `withinMs` are over, or the signal comes. */
export async function until<T>(
  watch: Watch,
  withinMs: number,
  probe: () => Promise<T | undefined>,
): Promise<{ found: T; tookMs: number } | { ended: 'late' | 'stopped' }> {
  const began = watch.now();
  for (;;) {
    const found = await probe();
    if (found !== undefined) return { found, tookMs: watch.now() - began };
    if (watch.signal.aborted) return { ended: 'stopped' };
    if (watch.now() - began >= withinMs) return { ended: 'late' };
    await watch.pause(1000);
  }
}
