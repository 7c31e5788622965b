import { turnOf } from '../../core/response/incidents/on-delivered.ts';
import type { PageEffect } from '../../core/response/outbox/effect.ts';
import { isUrgent, laneOf } from '../../core/response/outbox/lanes.ts';
import { afterPage, freeAt, type PageSlot } from '../../core/response/outbox/page-slot.ts';
import type { Ports } from '../ports/ports.ts';

/** The right to page one lane now. `limited`: pages of the lane are kept apart, and so travel together. */
export type TakenSlot = {
  free: true;
  limited: boolean;
  /** Gives it back when nothing was sent, so that a receiver that fails does not hold up what comes next. */
  release(): Promise<void>;
  /** A critical page went out with it; it may have been taken for another one. */
  carriedCritical(): Promise<void>;
};
export type Slot = TakenSlot | { free: false; at: number };

const nothing = async (): Promise<void> => {};
/** For what needs no slot: pages that nobody is to get any more, and all pages where none are kept apart. */
export const noSlot: TakenSlot = { free: true, limited: false, release: nothing, carriedCritical: nothing };

/**
 * At most one page a lane in `pageInterval`; a critical one that calls for somebody waits for other critical ones only.
 * Taken before the page itself is leased: of many that workers find at once one gets it, and takes the others along.
 */
export async function takeSlot(ports: Ports, effect: PageEffect, now: number): Promise<Slot> {
  const { store } = ports;
  const interval = ports.config.settings.pageInterval;
  if (interval === 0) return noSlot;
  const incident = await store.incident(effect.incidentId);
  if (incident === undefined) return noSlot;
  const turn = turnOf(incident, effect);
  if (!turn.send) return noSlot;
  // What is over calls for nobody any more.
  const urgent = isUrgent(effect) && turn.untold === undefined;
  const lane = laneOf(effect);
  for (;;) {
    const before = await store.pageSlot(lane);
    const at = freeAt(before, urgent, interval, now);
    if (at > now) return { free: false, at };
    const taken = afterPage(before, urgent, now);
    if (await store.claimPageSlot(lane, before, taken)) return takenSlot(store, lane, before, taken);
  }
}

function takenSlot(store: Ports['store'], lane: string, before: PageSlot | undefined, taken: PageSlot): TakenSlot {
  return {
    free: true,
    limited: true,
    release: async () => void (await store.claimPageSlot(lane, taken, before ?? { at: 0 })),
    async carriedCritical() {
      if (taken.criticalAt === taken.at) return;
      await store.claimPageSlot(lane, taken, { at: taken.at, criticalAt: taken.at });
    },
  };
}
