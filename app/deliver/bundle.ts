import type { Incident } from '../../core/response/incidents/incident.ts';
import { turnOf } from '../../core/response/incidents/on-delivered.ts';
import type { Withheld } from '../../core/response/incidents/withheld.ts';
import type { PageEffect, StoredEffect } from '../../core/response/outbox/effect.ts';
import { isUrgent, laneOf, priorityOf } from '../../core/response/outbox/lanes.ts';
import { heldPageOf } from '../../core/response/paging/build.ts';
import type { HeldPage } from '../../core/response/paging/page.ts';
import { inParallel } from '../in-parallel.ts';
import { latestIncident } from '../latest-incident.ts';
import type { Ports } from '../ports/ports.ts';
import { type Attempt, leaseMs } from './attempt.ts';

/** A leased page with its incident and its text. */
export type Outgoing = { attempt: Attempt<PageEffect>; incident: Incident; why: string; over: boolean };
/** A leased page that will not be sent. */
export type Unsent = { attempt: Attempt<PageEffect>; withheld: Withheld };

/**
 * Leases all other unleased pages of the lane, due or postponed. Those the store does not show yet
 * go with the next page.
 */
export async function takeOthers(attempt: Attempt<PageEffect>): Promise<{ others: Outgoing[]; withheld: Unsent[] }> {
  const { ports, effect, now } = attempt;
  const others: Outgoing[] = [];
  const withheld: Unsent[] = [];
  const found = await ports.store.effectsOfLane(laneOf(effect));
  await inParallel(found, async (stored) => {
    const other = stored.effect;
    if (other.kind !== 'page' || other.id === effect.id) return;
    const incident = await latestIncident(ports, other.incidentId);
    if (incident === undefined) return;
    if (!(await ports.store.leaseEffect(other.id, now, now + leaseMs, { early: true }))) return;
    const turn = turnOf(incident, other);
    const leased = { ...attempt, effect: other, stored: leasedOf(stored, now) };
    if (turn.send) others.push(outgoing(leased, incident, turn.untold));
    else withheld.push({ attempt: leased, withheld: turn.withheld });
  });
  return { others, withheld };
}

/** A stored effect after it is leased. */
export const leasedOf = (stored: StoredEffect, now: number): StoredEffect => ({
  ...stored,
  attempts: stored.attempts + 1,
  firstTriedAt: stored.firstTriedAt ?? now,
});

export function outgoing(attempt: Attempt<PageEffect>, incident: Incident, untold: string | undefined): Outgoing {
  const { why } = attempt.effect;
  const over = untold !== undefined;
  return { attempt, incident, why: over ? [why, untold].filter((part) => part !== '').join('; ') : why, over };
}

/**
 * Calls first, then by priority, then oldest. The first one is the page; the others travel with it.
 */
export function inOrder(pages: readonly Outgoing[]): Outgoing[] {
  const key = ({ attempt: { effect }, over }: Outgoing): number => (over ? 1 : 0) + 2 * priorityOf(effect);
  return pages.toSorted(
    (a, b) =>
      key(a) - key(b) ||
      a.attempt.effect.createdAt - b.attempt.effect.createdAt ||
      (a.attempt.effect.id < b.attempt.effect.id ? -1 : 1),
  );
}

export const callsNow = ({ attempt: { effect }, over }: Outgoing): boolean => isUrgent(effect) && !over;

export const heldPage = (ports: Ports, { incident, why, attempt: { effect } }: Outgoing): HeldPage =>
  heldPageOf(incident, ports.config, { reason: effect.reason, why, tier: effect.tier });
