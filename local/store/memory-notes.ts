import type { Store } from '../../app/ports/store.ts';
import type { Quarantined } from '../../core/selfcheck/quarantine/quarantined.ts';

type NoteCalls = Pick<Store, 'meta' | 'metas' | 'setMeta' | 'setMetas' | 'quarantined' | 'quarantineTold'>;

/** Notes, and which quarantined records people were told of, until the store behind takes them. */
export type MemoryNotes = { calls: NoteCalls; isEmpty(): boolean; handOver(): Promise<void> };

export function memoryNotes(base: Store): MemoryNotes {
  const meta = new Map<string, string>();
  /** Quarantined records reported meanwhile, and when. */
  const told = new Map<string, { of: Pick<Quarantined, 'kind' | 'id'>; at: number }>();
  const placeOf = ({ kind, id }: Pick<Quarantined, 'kind' | 'id'>): string => `${kind} ${id}`;
  const calls: NoteCalls = {
    meta: async (key) => meta.get(key) ?? (await base.meta(key)),
    async metas(keys) {
      const stored = await base.metas(keys);
      return keys.map((key, place) => meta.get(key) ?? stored[place]);
    },
    async setMeta(key, value) {
      meta.set(key, value);
    },
    async setMetas(entries) {
      for (const [key, value] of entries) meta.set(key, value);
    },
    async quarantined(limit) {
      return (await base.quarantined(limit)).map((one) => {
        const at = one.toldAt ?? told.get(placeOf(one))?.at;
        return at === undefined ? one : { ...one, toldAt: at };
      });
    },
    async quarantineTold(these, at) {
      for (const of of these) told.set(placeOf(of), { of, at });
    },
  };
  return {
    calls,
    isEmpty: () => meta.size === 0 && told.size === 0,
    async handOver() {
      const notes = [...meta];
      await base.setMetas(notes);
      for (const [key, value] of notes) if (meta.get(key) === value) meta.delete(key);
      for (const [place, { of, at }] of [...told]) {
        await base.quarantineTold([of], at);
        told.delete(place);
      }
    },
  };
}
