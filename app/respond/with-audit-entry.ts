import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { digest } from '../../core/vocabulary/fingerprint.ts';
import type { Write } from '../ports/commit.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Commits a record with its audit log entry. The entry is built per attempt, because two others may
 * have taken its version. false: the record changed since it was read, or exists already.
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

/** The same for a record with an id. */
export const commitRecordWithAuditEntry = (
  ports: Pick<Ports, 'store' | 'observe'>,
  write: Extract<Write, { value: { id: string } }>,
  entry: (salt: number) => TimelineEntry,
): Promise<boolean> => commitWithAuditEntry(ports, write, write.value.id, entry);
