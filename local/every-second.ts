import type { Log } from '../app/ports/log.ts';

const everyMs = 1000;
/** Repeated failures are logged at most this often. */
const toldEveryMs = 60_000;

/**
 * Runs `work` every second, never overlapping, until stopped. Errors are logged and stop nothing.
 */
export function everySecond(work: () => Promise<void>, log: Log): { stop(): Promise<void> } {
  let underWay: Promise<void> | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  const turn = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (performance.now() - toldAt < toldEveryMs) return;
      toldAt = performance.now();
      log('error', 'the store and the clock could not be looked at', { error: String(error) });
    }
  };
  const timer = setInterval(() => {
    underWay ??= turn().finally(() => {
      underWay = undefined;
    });
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}
