import { setTimeout as pause } from 'node:timers/promises';

const everyMs = 500;

/**
 * Asks again and again until the probe finds something, and gives that. Throws after `seconds` with
 * what was waited for, and with `state`, what there was instead.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  { seconds, state }: { seconds: number; state?: () => unknown },
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) {
      const instead = state === undefined ? '' : `; there was instead: ${JSON.stringify(await state(), undefined, 1)}`;
      throw new Error(`waited ${seconds} s in vain for ${what}${instead}`);
    }
    await pause(everyMs);
  }
}
