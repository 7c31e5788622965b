import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StoredKind } from '../../core/vocabulary/stored-record.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { type DamagedStore, quarantineContract } from '../contract/store-quarantine.ts';

/** Where documents of a kind lie, and what they are found by. */
const places: Partial<Record<StoredKind, [table: string, key: string, doc: string]>> = {
  incident: ['incidents', 'id', 'doc'],
  timeline: ['timeline', 'incident_id', 'doc'],
  'audit entry': ['audit_log', 'id', 'doc'],
  alert: ['alerts', 'fingerprint', 'doc'],
  effect: ['effects', 'id', 'doc'],
  silence: ['silences', 'id', 'doc'],
  override: ['overrides', 'id', 'doc'],
  deployment: ['deployments', 'name', 'doc'],
  change: ['changes', 'id', 'doc'],
  devices: ['devices', 'responder', 'doc'],
  heartbeat: ['heartbeats', 'name', 'doc'],
  serving: ['serving', 'source', 'doc'],
  'accepted baseline': ['accepted_baselines', 'fingerprint', 'doc'],
  training: ['trainings', 'model_version', 'doc'],
  'training part': ['training_parts', 'model_version', 'doc'],
  series: ['series', 'key', 'doc'],
  bucket: ['buckets', '(SELECT key FROM series WHERE id = series_id)', 'detail'],
  waiting: ['waiting', 'key', 'doc'],
  batch: ['batches', 'id', 'doc'],
};

async function open(): Promise<DamagedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-quarantine-'));
  const options = { path: join(folder, 'store.db'), durability: 'normal', guarded: true } as const;
  let store = sqliteStore(options);
  return {
    store: () => store,
    async restart(damage) {
      await store.close();
      if (damage !== undefined) {
        const [table, key, doc] = places[damage.kind] ?? [];
        const db = new DatabaseSync(options.path);
        const rows = db.prepare(`SELECT ${key} AS key, ${doc} AS doc FROM ${table} WHERE instr(${key}, ?) > 0`).all(damage.of);
        for (const row of rows)
          db.prepare(`UPDATE ${table} SET ${doc} = ? WHERE ${key} = ? AND ${doc} = ?`).run(
            damage.change(String(row['doc'])),
            String(row['key']),
            String(row['doc']),
          );
        db.close();
      }
      store = sqliteStore(options);
    },
    async mend(change) {
      await store.close();
      const db = new DatabaseSync(options.path);
      for (const { place, doc } of db.prepare('SELECT place, doc FROM quarantine').all())
        db.prepare('UPDATE quarantine SET doc = ? WHERE place = ?').run(change(String(doc)), Number(place));
      db.close();
      store = sqliteStore(options);
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

quarantineContract('SQLite', open);
