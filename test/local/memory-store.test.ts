import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../app/ports/store.ts';
import { asAuditEntryId, asEffectId, asFingerprint, asIncidentId } from '../../core/vocabulary/ids.ts';
import { type MemoryStore, memoryStore } from '../../local/store/memory-store.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { commitContract } from '../contract/store-commits.ts';
import {
  changedIncident,
  committed,
  exampleAlert,
  exampleAudit,
  exampleEntry,
  exampleIncident,
  examplePageEffect,
  minute,
  newIncident,
  t0,
} from '../contract/store-examples.ts';
import { outboxContract } from '../contract/store-outbox.ts';
import { pagesContract } from '../contract/store-pages.ts';
import { readingContract } from '../contract/store-reading.ts';

describe('over a store that takes no writes, memory keeps the contract of a store', () => {
  let kept: { base: Store; memory: Store };
  beforeEach(() => {
    const full = () => Promise.reject(new Error('the disk is full'));
    const writes = {
      commit: full,
      leaseEffect: full,
      postponeEffect: full,
      claimPageSlot: full,
      setMeta: full,
      setMetas: full,
      fold: full,
    };
    const base: Store = { ...sqliteStore({ path: ':memory:' }), ...writes };
    kept = { base, memory: memoryStore(base, new Map()) };
  });
  afterEach(() => kept.base.close());
  const store = (): Store => kept.memory;
  describe('a commit', () => commitContract(store));
  describe('reading', () => readingContract(store));
  describe('page by page', () => pagesContract(store));
  describe('the outbox', () => outboxContract(store));
});

/** Everything that a person or the pump would see. */
const seen = async (store: Store) => ({
  open: await store.incidents({ status: 'open', limit: 10 }),
  resolved: await store.incidents({ status: 'resolved', limit: 10 }),
  alerts: await store.alerts(),
  timeline: await store.timeline(asIncidentId('inc-1')),
  auditLog: await store.auditLog(10),
  due: (await store.dueEffects(t0 + 90 * minute, 10)).map(({ effect, notBefore }) => [effect.id, notBefore]),
  latest: (await store.incidentOfGroup(exampleIncident().groupKey))?.id,
});

describe('what memory has kept', () => {
  let folder: string;
  let base: Store;
  let memory: MemoryStore;
  /** Holds the write lock of the file, so that no write of the store stands. */
  let blocker: DatabaseSync;
  let leases: Map<string, number>;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-memory-'));
    const path = join(folder, 'store.db');
    base = sqliteStore({ path, patienceMs: 0 });
    leases = new Map();
    memory = memoryStore(base, leases);
    blocker = new DatabaseSync(path);
  });
  afterEach(async () => {
    blocker.close();
    await base.close();
    rmSync(folder, { recursive: true });
  });
  const block = () => blocker.exec('BEGIN IMMEDIATE');
  const unblock = () => blocker.exec('ROLLBACK');

  const inc2 = exampleIncident({ id: asIncidentId('inc-2'), openedAt: t0 + minute });
  /**
   * An incident from before, paged and resolved while nothing could be written, and another one of
   * its group after it.
   */
  async function trouble() {
    await committed(base, {
      writes: [newIncident(exampleIncident()), { kind: 'alert', value: exampleAlert(), expected: 0 }],
      timeline: [exampleEntry()],
      audit: [exampleAudit()],
      effects: [examplePageEffect()],
    });
    block();
    expect(await memory.leaseEffect(asEffectId('inc-1#1#0'), t0, t0 + minute)).toBe(true);
    const resolved = changedIncident(exampleIncident(), { status: 'resolved', resolvedAt: t0 });
    await committed(memory, {
      writes: [resolved, { kind: 'alert gone', fingerprint: exampleAlert().fingerprint, expected: 1 }],
      timeline: [exampleEntry({ version: 2, text: 'told' })],
      done: [asEffectId('inc-1#1#0')],
    });
    await committed(memory, {
      writes: [
        newIncident(inc2, asIncidentId('inc-1')),
        { kind: 'alert', value: exampleAlert({ fingerprint: asFingerprint('f2') }), expected: 0 },
      ],
      timeline: [exampleEntry({ incidentId: asIncidentId('inc-2') })],
      audit: [exampleAudit({ id: asAuditEntryId('later'), kind: 'promoted' })],
      effects: [examplePageEffect({ id: asEffectId('inc-2#1#0'), incidentId: asIncidentId('inc-2'), createdAt: t0 + minute })],
    });
    await committed(memory, { writes: [changedIncident(inc2, { severity: 'warn' })] });
    await memory.leaseEffect(asEffectId('inc-2#1#0'), t0 + 2 * minute, t0 + 3 * minute);
    await memory.postponeEffect(asEffectId('inc-2#1#0'), t0 + 4 * minute, { error: '503' });
  }

  it('is in the file once that can be written again, all of it and once', async () => {
    await trouble();
    const before = await seen(memory);
    await expect(memory.handOver()).rejects.toThrow(/locked/);
    expect(await seen(memory)).toEqual(before);
    unblock();
    await memory.handOver();
    expect(memory.isEmpty()).toBe(true);
    expect(await seen(base)).toEqual(before);
    expect(await base.effect(asEffectId('inc-1#1#0'))).toMatchObject({ done: true });
    expect(await base.effect(asEffectId('inc-2#1#0'))).toMatchObject({ firstTriedAt: t0 + 2 * minute, lastError: '503' });
    await memory.handOver();
    expect(await seen(base)).toEqual(before);
  });

  it('fits a file that has part of it already, as a write that was said to have failed may have stood', async () => {
    await trouble();
    const before = await seen(memory);
    unblock();
    await committed(base, {
      writes: [changedIncident(exampleIncident(), { status: 'resolved', resolvedAt: t0 })],
      timeline: [exampleEntry({ version: 2, text: 'told' })],
      audit: [exampleAudit({ id: asAuditEntryId('later'), kind: 'promoted' })],
      done: [asEffectId('inc-1#1#0')],
    });
    await memory.handOver();
    expect(await seen(base)).toEqual(before);
  });

  it('holds what is under way, so that it is not sent again when the file is back', async () => {
    await committed(base, { effects: [examplePageEffect()] });
    block();
    await memory.leaseEffect(asEffectId('inc-1#1#0'), t0, t0 + minute);
    unblock();
    await memory.handOver();
    expect(await base.dueEffects(t0 + minute - 1, 10)).toEqual([]);
    expect(await base.dueEffects(t0 + minute, 10)).toHaveLength(1);
  });

  it('knows of the leases that the file had given before', async () => {
    await committed(base, { effects: [examplePageEffect()] });
    await base.leaseEffect(asEffectId('inc-1#1#0'), t0, t0 + minute);
    leases.set('inc-1#1#0', t0 + minute);
    block();
    expect(await memory.leaseEffect(asEffectId('inc-1#1#0'), t0 + minute - 1, t0 + 2 * minute)).toBe(false);
    expect(await memory.leaseEffect(asEffectId('inc-1#1#0'), t0 + minute, t0 + 2 * minute)).toBe(true);
  });

  it('rolls nothing back, for that could not be recorded', async () => {
    const common = { incidentId: asIncidentId('inc-1'), createdAt: t0, rollback: 'r' };
    await committed(base, {
      effects: [
        { ...common, id: asEffectId('a'), kind: 'describe_deployment', fingerprint: asFingerprint('f'), by: 'tocsin' },
        { ...common, id: asEffectId('b'), kind: 'rollback', deployment: 'd', from: '2', to: '1', requestId: 'q', by: 'tocsin' },
      ],
    });
    block();
    expect(await memory.dueEffects(t0, 10)).toEqual([]);
    expect(await memory.leaseEffect(asEffectId('b'), t0, t0 + minute)).toBe(false);
    unblock();
    expect(await base.dueEffects(t0, 10)).toHaveLength(2);
  });

  it('tells once of what cannot be read, also while it cannot be set aside', async () => {
    await committed(base, { effects: [examplePageEffect()] });
    blocker.exec("UPDATE effects SET doc = '{'");
    block();
    const entry = { kind: 'effect', id: 'inc-1#1#0', urgent: true } as const;
    expect(await memory.dueEffects(t0, 10)).toEqual([]);
    expect(await memory.quarantined(10)).toEqual([{ ...entry, reason: 'it is not JSON, of 1 characters' }]);
    await memory.quarantineTold([entry], t0 + 5);
    expect(await memory.quarantined(10)).toMatchObject([{ ...entry, toldAt: t0 + 5 }]);
    unblock();
    await memory.handOver();
    expect(memory.isEmpty()).toBe(true);
    await base.close();
    base = sqliteStore({ path: join(folder, 'store.db') });
    expect(await base.dueEffects(t0, 10)).toEqual([]);
    expect(await base.quarantined(10)).toMatchObject([{ ...entry, toldAt: t0 + 5 }]);
  });
});
