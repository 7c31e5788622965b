import { expectedNote } from '../../core/alerting/heartbeats/expected-note.ts';
import { readNote, writeNote } from '../notes.ts';
import type { Ports } from '../ports/ports.ts';
import { heartbeatCommit } from './heartbeat-commit.ts';

/**
 * Marks heartbeats that the config has no more: one that is put back later is judged from then on.
 * Reads the store once a process, and writes only after the config has changed.
 */
export async function noteExpected(
  { store, inFlight }: Pick<Ports, 'store' | 'inFlight'>,
  names: readonly string[],
  now: number,
): Promise<void> {
  const noted = inFlight.expectedHeartbeats ?? (await readNote(store, expectedNote))?.names ?? [];
  const gone = noted.filter((name) => !names.includes(name));
  if (gone.length > 0 || names.length > noted.length) {
    for (const heartbeat of await store.heartbeats(gone)) {
      if (heartbeat === undefined || heartbeat.goneAt !== undefined) continue;
      const committed = await store.commit(heartbeatCommit({ ...heartbeat, goneAt: now }));
      // A report came meanwhile: the next tick marks it.
      if (committed !== 'committed') return;
    }
    await writeNote(store, expectedNote, { names: [...names] });
  }
  inFlight.expectedHeartbeats = names;
}
