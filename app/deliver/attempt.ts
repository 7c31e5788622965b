import type { Effect, StoredEffect } from '../../core/response/outbox/effect.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import type { EffectId } from '../../core/vocabulary/ids.ts';
import type { Tenant } from '../../core/vocabulary/tenant.ts';
import { DeliveryError } from '../ports/delivery-error.ts';
import type { Ports } from '../ports/ports.ts';
import { withTimeout } from '../with-timeout.ts';

/** How long a worker holds an effect. Longer than any adapter waits for an answer. */
export const leaseMs = 30_000;
const maxBackoffMs = 60_000;
/** A receiver that asks for a longer wait is retried anyway. */
export const maxRetryAfterMs = 3_600_000;

export type DeliverResult = {
  outcome: 'done' | 'postponed' | 'skipped' /** When it is due again. */;
  notBefore?: number;
  /** The receiver timed out, or is being skipped because it did: another try may take as long. */
  slow?: true;
  /** The effect's tenant, if not the team itself: excluded from statistics. */
  tenant?: Tenant | undefined;
};

/** An effect under a lease, with what its delivery needs. */
export type Attempt<E extends Effect> = { ports: Ports; effect: E; stored: StoredEffect; now: number; clock: () => number };

/** Marks an effect done whose outcome changes nothing else. */
export async function conclude({ ports, effect }: Attempt<Effect>, more: EffectId[] = []): Promise<DeliverResult> {
  await ports.store.commit({ writes: [], timeline: [], effects: [], done: [...new Set([effect.id, ...more])] });
  return { outcome: 'done' };
}

export async function postpone(attempt: Attempt<Effect>, error: unknown): Promise<DeliverResult> {
  const notBefore = nextTry(attempt, error);
  await attempt.ports.store.postponeEffect(attempt.effect.id, notBefore, { error: messageOf(error) });
  return { outcome: 'postponed', notBefore };
}

/** An adapter's time for one answer, whatever its client's own timeout. Shorter than a lease. */
const answerWithinMs = 15_000;

/**
 * The answer, or a retryable DeliveryError on time-out: a hanging receiver must not hold a page.
 */
export function answered<T>(work: Promise<T>, what: string): Promise<T> {
  const late = `${what} did not answer within ${answerWithinMs / 1000}s`;
  return withTimeout(work, answerWithinMs, () => new DeliveryError(late, { retryable: true, timedOut: true }));
}

/**
 * Doubles from 1 s to 60 s, with up to a quarter of jitter, so that effects that failed together do
 * not retry together.
 */
export function nextTry({ effect, stored, now }: Attempt<Effect>, error: unknown): number {
  const backoff = Math.min(maxBackoffMs, 1000 * 2 ** Math.min(stored.attempts - 1, 6));
  const jitter = (Number.parseInt(digest(`${effect.id} ${stored.attempts}`, 4), 16) / 0xffff) * (backoff / 4);
  const asked = error instanceof DeliveryError ? Math.min(error.retryAfterMs ?? 0, maxRetryAfterMs) : 0;
  return Math.round(now + Math.max(backoff + jitter, asked));
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
