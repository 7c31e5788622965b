/** When a lane was last paged: at all, and by a critical page that called for somebody. Milliseconds since the epoch. */
export type PageSlot = { at: number; criticalAt?: number };

/**
 * When the next page of a lane may go out: at most one in `interval`, except that a critical one waits only for other
 * critical ones.
 */
export function freeAt(slot: PageSlot | undefined, urgent: boolean, interval: number, now: number): number {
  const last = urgent ? slot?.criticalAt : slot?.at;
  // Another worker may be a moment ahead. A time further ahead is of a clock that has stepped back, and holds nothing up.
  if (last === undefined || last > now + interval) return now;
  return Math.max(now, last + interval);
}

/** The slot after a page. `urgent`: it calls for somebody, or carries one that does. */
export function afterPage(slot: PageSlot | undefined, urgent: boolean, now: number): PageSlot {
  const criticalAt = urgent ? now : slot?.criticalAt;
  return { at: now, ...(criticalAt === undefined ? {} : { criticalAt }) };
}
