import type { StoredEffect } from '../../core/response/outbox/effect.ts';
import type { Priority } from '../../core/response/outbox/lanes.ts';
import type { PageSlot } from '../../core/response/outbox/page-slot.ts';
import type { EffectId } from '../../core/vocabulary/ids.ts';

/** Which of the effects that are due: of these priorities only, and not of the lanes and receivers that take no more now. */
export type DueEffects = {
  priorities?: readonly Priority[];
  busy?: { receivers: readonly string[]; lanes: readonly string[] };
};

export type PendingPages = {
  /** Due, and not yet taken. */
  waiting: number;
  /** Put off by the rate limit or until the next try, or being sent. */
  held: number;
  /** When the oldest of them was decided. */
  oldestAt?: number;
};

/** Effects on their way out, and what keeps pages to one target apart. */
export type Outbox = {
  /**
   * Undelivered effects whose `notBefore` has come and that nobody holds: by priority (core/response/outbox/lanes.ts), then oldest
   * first.
   */
  dueEffects(now: number, limit: number, of?: DueEffects): Promise<StoredEffect[]>;
  /**
   * All undelivered effects of a lane, whether due, put off or held by a worker, oldest first. On AWS one that was written a
   * moment ago may be missing.
   */
  effectsOfLane(lane: string): Promise<StoredEffect[]>;
  effect(id: EffectId): Promise<StoredEffect | undefined>;
  /**
   * Takes an effect for delivery until `until`. false: done, not due, or held by another. Counts an attempt. `early` takes
   * one that was put off as well.
   */
  leaseEffect(id: EffectId, now: number, until: number, options?: { early?: boolean }): Promise<boolean>;
  /**
   * Gives a leased effect back, to be tried at `notBefore`. `uncount` when nothing was tried. `unlessHeldAt`: the caller has
   * not leased it, so one that another holds at that time stays as it is.
   */
  postponeEffect(
    id: EffectId,
    notBefore: number,
    note: { error?: string; uncount?: boolean; unlessHeldAt?: number },
  ): Promise<void>;
  /** When a lane was last paged; set only if it is still `was`. false: someone else paged meanwhile. */
  pageSlot(lane: string): Promise<PageSlot | undefined>;
  claimPageSlot(lane: string, was: PageSlot | undefined, next: PageSlot): Promise<boolean>;
  /** How many pages are undelivered. On AWS at most 1,000 of each priority are looked at. */
  pendingPages(now: number): Promise<PendingPages>;
  /** The next time an incident or an undelivered effect is due, or undefined. Exact only on one machine. */
  nextDueAt(): Promise<number | undefined>;
};
