/**
 * When a lane was last paged: by any page, and by a critical call. Milliseconds since the epoch.
 */
export type PageSlot = { at: number; criticalAt?: number };

/**
 * When the lane's next page may go out: one per `interval`, but a critical page waits only for
 * other critical ones.
 */
export function freeAt(slot: PageSlot | undefined, urgent: boolean, interval: number, now: number): number {
  const last = urgent ? slot?.criticalAt : slot?.at;
  // Another worker may be slightly ahead. A time further in the future means that the clock stepped
  // back; ignore it.
  if (last === undefined || last > now + interval) return now;
  return Math.max(now, last + interval);
}

/** The slot after a page. `urgent`: it is a critical call, or carries one. */
export function afterPage(slot: PageSlot | undefined, urgent: boolean, now: number): PageSlot {
  const criticalAt = urgent ? now : slot?.criticalAt;
  return { at: now, ...(criticalAt === undefined ? {} : { criticalAt }) };
}
