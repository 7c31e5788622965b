import { takesEach } from '../../core/response/contacts/contact.ts';
import { turnOf } from '../../core/response/incidents/on-delivered.ts';
import type { PageEffect } from '../../core/response/outbox/effect.ts';
import { isUrgent, laneOf } from '../../core/response/outbox/lanes.ts';
import { afterPage, freeAt, type PageSlot } from '../../core/response/outbox/page-slot.ts';
import type { Ports } from '../ports/ports.ts';

/** The right to page a lane now. `limited`: the lane is rate-limited, so its pages are bundled. */
export type TakenSlot = {
  free: true;
  limited: boolean;
  /**
   * Returns the slot if nothing was sent, so that a failing receiver does not delay the next page.
   */
  release(): Promise<void>;
  /** A critical page went out with it, although it may have been taken for another one. */
  carriedCritical(): Promise<void>;
};
export type Slot = TakenSlot | { free: false; at: number };

const nothing = async (): Promise<void> => {};
/** For pages that need no slot: those that will not be sent, and all pages without a rate limit. */
export const noSlot: TakenSlot = { free: true, limited: false, release: nothing, carriedCritical: nothing };

/**
 * One page per lane and `pageInterval`; a critical call waits only for other critical ones. Taken
 * before leasing: of many workers, one gets it and bundles the others' pages.
 */
export async function takeSlot(ports: Ports, effect: PageEffect, now: number): Promise<Slot> {
  const { store } = ports;
  const interval = ports.config.settings.pageInterval;
  const contact = effect.contacts[effect.contactIndex];
  if (interval === 0 || (contact !== undefined && takesEach(contact))) return noSlot;
  const incident = await store.incident(effect.incidentId);
  if (incident === undefined) return noSlot;
  const turn = turnOf(incident, effect);
  if (!turn.send) return noSlot;
  // A page about an ended incident calls nobody.
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
