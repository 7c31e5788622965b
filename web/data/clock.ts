import { computed, signal } from '@preact/signals';

/** When the server made this page, by its clock: a first request may have to say from when on. */
const madeAt = Date.parse(document.querySelector<HTMLMetaElement>('meta[name="tocsin-now"]')?.content ?? '');

/** How far the server's clock is ahead of this device's, in milliseconds. */
let ahead = Number.isNaN(madeAt) ? 0 : madeAt - Date.now();

/**
 * The server's time, in milliseconds since the epoch, in steps of a second. Read it to follow it.
 */
export const now = signal(Date.now() + ahead);

const minuteMs = 60_000;

/**
 * The same in steps of a minute, for the hundreds of times on a screen that do not change by the
 * second.
 */
export const minute = computed(() => Math.floor(now.value / minuteMs) * minuteMs);

/**
 * Now, as exactly as a text about something so far away needs it: past an hour nobody counts
 * seconds.
 */
export const nowFor = (at: number): number => (Math.abs(at - minute.value) > 61 * minuteMs ? minute.value : now.value);

const tick = (): void => {
  const at = Date.now() + ahead;
  // A clock that runs through recorded days is ahead by days; steps back below a second are noise.
  if (Math.abs(at - now.value) >= 500) now.value = at;
};

/** What an answer says about the server's clock; a device's clock may be wrong by minutes. */
export function serverSays(at: number): void {
  ahead = at - Date.now();
  tick();
}

setInterval(tick, 1000);
