import type { Store } from '../../app/ports/store.ts';
import { maxQuarantined } from '../../app/selfcheck/quarantine.ts';
import type { Quarantined } from '../../core/selfcheck/quarantine/quarantined.ts';
import { checked, type Finding } from './finding.ts';

/** Listed individually. */
const maxNamed = 3;

/**
 * What is quarantined, and what the next tick would quarantine. Reads what a tick reads; changes
 * nothing.
 */
export async function unreadable(store: Store, now: number): Promise<Quarantined[]> {
  await Promise.all([
    store.alerts(),
    store.incidents({ status: 'all', limit: 1000, tenants: true }),
    store.dueEffects(now, 1000),
    store.silences(now),
    store.overrides(now),
  ]);
  return store.quarantined(maxQuarantined);
}

/** Whether every record of the store can be read. */
export function checkRecords(store: Store, what: string, now: number): Promise<Finding> {
  const at = { area: 'store', what: `records of ${what}` } as const;
  return checked(at, 'check that the store can be read', async () => {
    const all = await unreadable(store, now);
    if (all.length === 0) return { ...at, state: 'ok', found: 'all that a tick reads can be read' };
    const named = all.slice(0, maxNamed).map(({ kind, id, reason }) => `${kind} ${id}: ${reason}`);
    const more = all.length > maxNamed ? ` (and ${all.length - maxNamed} more)` : '';
    return {
      ...at,
      state: 'failed',
      found: `${named.join('; ')}${more}`,
      todo: 'tocsin quarantine lists them, `show KIND ID` prints one as stored, `drop KIND ID` deletes it; docs/watch.md says what is lost',
    };
  });
}
