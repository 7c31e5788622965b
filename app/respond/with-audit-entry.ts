import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import type { Write } from '../ports/commit.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Commits a record together with its entry on the trail, which is made for a place: two others of one millisecond may be after
 * the same one. false: the record is not as it was read, or there already.
 */
export async function commitWithAuditEntry(
  ports: Pick<Ports, 'store' | 'observe'>,
  write: Write,
  what: string,
  entry: (salt: number) => TimelineEntry,
): Promise<boolean> {
  const salt = Number.parseInt(digest(what, 8), 16);
  for (let tries = 0; tries < 5; tries += 1) {
    const timeline = [entry(salt + tries * 7)];
    if ((await ports.store.commit({ writes: [write], timeline, effects: [], done: [] })) === 'conflict') continue;
    ports.observe(timeline, []);
    return true;
  }
  return false;
}

/** The same of a record that has an id. */
export const commitRecordWithAuditEntry = (
  ports: Pick<Ports, 'store' | 'observe'>,
  write: Extract<Write, { value: { id: string } }>,
  entry: (salt: number) => TimelineEntry,
): Promise<boolean> => commitWithAuditEntry(ports, write, write.value.id, entry);
