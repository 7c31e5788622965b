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
import { type Held, leaseMs } from './held-effect.ts';

/** A leased page with its incident and its text. */
export type Outgoing = { held: Held<PageEffect>; incident: Incident; why: string; over: boolean };
/** A leased page that will not be sent. */
export type Unsent = { held: Held<PageEffect>; withheld: Withheld };

/**
 * Leases all other unleased pages of the lane, due or postponed. Those the store does not show yet
 * go with the next page.
 */
export async function takeOthers(held: Held<PageEffect>): Promise<{ others: Outgoing[]; withheld: Unsent[] }> {
  const { ports, effect, now } = held;
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
    const leased = { ...held, effect: other, stored: leasedOf(stored, now) };
    if (turn.send) others.push(outgoing(leased, incident, turn.untold));
    else withheld.push({ held: leased, withheld: turn.withheld });
  });
  return { others, withheld };
}

/** A stored effect after it is leased. */
export const leasedOf = (stored: StoredEffect, now: number): StoredEffect => ({
  ...stored,
  attempts: stored.attempts + 1,
  firstTriedAt: stored.firstTriedAt ?? now,
});

export function outgoing(held: Held<PageEffect>, incident: Incident, untold: string | undefined): Outgoing {
  const { why } = held.effect;
  const over = untold !== undefined;
  return { held, incident, why: over ? [why, untold].filter((part) => part !== '').join('; ') : why, over };
}

/**
 * Calls first, then by priority, then oldest. The first one is the page; the others travel with it.
 */
export function inOrder(pages: readonly Outgoing[]): Outgoing[] {
  const key = ({ held: { effect }, over }: Outgoing): number => (over ? 1 : 0) + 2 * priorityOf(effect);
  return pages.toSorted(
    (a, b) =>
      key(a) - key(b) || a.held.effect.createdAt - b.held.effect.createdAt || (a.held.effect.id < b.held.effect.id ? -1 : 1),
  );
}

export const callsNow = ({ held: { effect }, over }: Outgoing): boolean => isUrgent(effect) && !over;

export const heldPage = (ports: Ports, { incident, why, held: { effect } }: Outgoing): HeldPage =>
  heldPageOf(incident, ports.config, { reason: effect.reason, why, tier: effect.tier });
