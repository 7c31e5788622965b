import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../app/ports/store.ts';
import { keepChangesMs, mostKept } from '../../core/telemetry/changes/change.ts';
import { asChangeId } from '../../core/vocabulary/ids.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { committed, exampleChange, t0 } from '../contract/store-examples.ts';

describe('changes in a SQLite file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-changes-'));
  let store: Store;
  beforeAll(() => {
    store = sqliteStore({ path: join(folder, 'store.db'), durability: 'normal' });
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const keep = async (from: number, to: number, at: (n: number) => number): Promise<void> => {
    for (let start = from; start < to; start += store.maxActions) {
      const ns = Array.from({ length: Math.min(store.maxActions, to - start) }, (_, n) => start + n);
      await committed(store, {
        writes: ns.map(
          (n) => ({ kind: 'change', value: exampleChange({ id: asChangeId(`chg-${n}`), at: at(n) }), expected: 0 }) as const,
        ),
      });
    }
  };

  it('are dropped when they are too old, and of too many the oldest of whoever told most', async () => {
    const quiet = exampleChange({ id: asChangeId('chg-quiet'), at: t0 - 1, sender: 'key:quiet' });
    await committed(store, { writes: [{ kind: 'change', value: quiet, expected: 0 }] });
    await keep(0, mostKept + 2, (n) => t0 + n);
    expect(await store.prune(t0)).toBe(3);
    const some = [quiet.id, ...[2, 3].map((n) => asChangeId(`chg-${n}`))];
    expect(await store.changesOf(some)).toMatchObject([{ id: quiet.id }, undefined, { id: 'chg-3' }]);
    expect(await store.prune(t0 + keepChangesMs + mostKept)).toBe(mostKept - 2);
    expect((await store.changes({ limit: 9 })).map(({ id }) => id)).toEqual([1, 0].map((n) => `chg-${mostKept + n}`));
  });
});
