import type { StoredEffect } from '../../core/response/outbox/effect.ts';
import type { Priority } from '../../core/response/outbox/lanes.ts';
import type { PageSlot } from '../../core/response/outbox/page-slot.ts';
import type { EffectId } from '../../core/vocabulary/ids.ts';

/** Filters due effects: only these priorities, without lanes and receivers that are full. */
export type DueEffects = {
  priorities?: readonly Priority[];
  busy?: { receivers: readonly string[]; lanes: readonly string[] };
};

export type PendingPages = {
  /** Due and not leased. */
  waiting: number;
  /** Postponed (rate limit or retry), or being sent. */
  held: number;
  /** When the oldest was decided. */
  oldestAt?: number;
};

/** Outgoing effects, and the rate limit of pages. */
export type Outbox = {
  /**
   * Undelivered effects with a past `notBefore` and no lease: by priority
   * (core/response/outbox/lanes.ts), then oldest first.
   */
  dueEffects(now: number, limit: number, of?: DueEffects): Promise<StoredEffect[]>;
  /**
   * All undelivered effects of a lane (due, postponed or leased), oldest first. On AWS, one written
   * a moment ago may be missing.
   */
  effectsOfLane(lane: string): Promise<StoredEffect[]>;
  effect(id: EffectId): Promise<StoredEffect | undefined>;
  /**
   * Leases an effect until `until`. false: done, not due, or leased by another. Counts an attempt.
   * `early` also takes a postponed one.
   */
  leaseEffect(id: EffectId, now: number, until: number, options?: { early?: boolean }): Promise<boolean>;
  /**
   * Returns a leased effect, to retry at `notBefore`. `uncount` if nothing was tried.
   * `unlessHeldAt`: the caller has no lease, so an effect leased at that time stays unchanged.
   */
  postponeEffect(
    id: EffectId,
    notBefore: number,
    note: { error?: string; uncount?: boolean; unlessHeldAt?: number },
  ): Promise<void>;
  /** When a lane was last paged. Set only if still `was`; false: somebody else paged meanwhile. */
  pageSlot(lane: string): Promise<PageSlot | undefined>;
  claimPageSlot(lane: string, was: PageSlot | undefined, next: PageSlot): Promise<boolean>;
  /** How many pages are undelivered. On AWS at most 1,000 per priority are counted. */
  pendingPages(now: number): Promise<PendingPages>;
  /**
   * When the next incident or undelivered effect is due, or undefined. Exact only on one machine.
   */
  nextDueAt(): Promise<number | undefined>;
};
