import { existsSync } from 'node:fs';
import type { Store } from '../../app/ports/store.ts';
import { readNotes } from '../../app/selfcheck/vitals.ts';
import type { Config } from '../../core/config/schema.ts';
import { healthOf } from '../../core/selfcheck/vitals/vitals.ts';
import { StoreLockedError, sqliteStore } from '../../stores/sqlite/index.ts';
import { type Finding, textOf } from './finding.ts';

/** Opens the store of one machine for reading; the caller closes it. */
export async function checkStore(path: string, config: Config, now: number): Promise<{ finding: Finding; store?: Store }> {
  const at = { area: 'store', what: path } as const;
  if (!existsSync(path)) return { finding: { ...at, state: 'skipped', found: 'does not exist yet; the first start creates it' } };
  try {
    const store = sqliteStore({ path, readOnly: true });
    const notes = await readNotes({ store, config });
    const { reasons } = healthOf({ consistency: notes.consistency }, now);
    const open = (await store.incidents({ status: 'open', limit: 1000 })).length;
    if (reasons.length > 0)
      return {
        store,
        finding: {
          ...at,
          state: 'failed',
          found: reasons.map(({ text }) => text).join('; '),
          todo: 'see the log of the service, which names them',
        },
      };
    return { store, finding: { ...at, state: 'ok', found: `can be read; ${open} incidents are open` } };
  } catch (error) {
    if (error instanceof StoreLockedError)
      return { finding: { ...at, state: 'skipped', found: 'is in use by a running service; ask it with: tocsin status' } };
    return {
      finding: { ...at, state: 'failed', found: textOf(error), todo: 'check the path and permissions, or restore the file' },
    };
  }
}
