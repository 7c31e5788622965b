import type { Change, ChangePlace } from '../../core/telemetry/changes/change.ts';
import { keptFairly } from '../../core/telemetry/changes/kept-fairly.ts';
import type { ModelStore } from '../ports/model-store.ts';

/** Rows that are read at a time, and at most. */
const atOnce = 500;
const mostRead = 10_000;

/**
 * The changes since a time that a decision looks at, newest first: so many in all, of each sender
 * and of each thing that it tells of. So one that floods hides its own and nobody else's.
 */
export async function recentChanges(store: Pick<ModelStore, 'changes'>, since: number): Promise<Change[]> {
  const kept = keptFairly();
  let before: ChangePlace | undefined;
  for (let read = 0; read < mostRead && !kept.isFull(); read += atOnce) {
    const page: Change[] = await store.changes({ since, limit: atOnce, before });
    for (const change of page) kept.take(change);
    // A short page is no end: changes that could not be read are left out.
    before = page.at(-1);
    if (before === undefined) break;
  }
  return kept.all();
}
