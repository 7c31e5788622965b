import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommitResult } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import { lasts, nextExternal } from '../../core/alerting/alerts/external.ts';
import { asFingerprint } from '../../core/vocabulary/ids.ts';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { commitOf, exampleAlert, minute, t0 } from '../contract/store-examples.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-repeats-'));
  path = join(folder, 'store.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const fingerprint = 'down';
const firing = (endsAt: number, more: Partial<Alert> = {}): Alert =>
  exampleAlert({
    fingerprint: asFingerprint(fingerprint),
    evaluatedAt: t0,
    external: { source: 'others', title: 'Down', runbook: 'down', startsAt: t0, endsAt },
    ...more,
  });

/** One post that the alert still fires, as it is taken: read, decided and committed. */
async function post(store: Store, now: number, endsAt: number, startsAt = t0): Promise<CommitResult | undefined> {
  const known = await store.alert(asFingerprint(fingerprint));
  const told = { ...firing(endsAt), external: { source: 'others', title: 'Down', runbook: 'down', startsAt, endsAt } };
  const { alert, change } = nextExternal(known, told, now);
  if (alert === undefined || change === undefined) return undefined;
  const expected = known?.version ?? 0;
  const repeat = change === 'refreshed';
  const value = { ...alert, version: expected + 1 };
  return store.commit(commitOf({ writes: [{ kind: 'alert', value, expected, repeat }] }));
}

/** What a crash at this moment would leave. */
async function onDisk(): Promise<Alert | undefined> {
  const beside = sqliteStore({ path, readOnly: true });
  const alert = await beside.alert(asFingerprint(fingerprint));
  await beside.close();
  return alert;
}

describe('a repeat that puts the end of an alert off', () => {
  it('is told at once, and on disk when less than half of the time it gives is there', async () => {
    const store = sqliteStore({ path });
    await post(store, t0, t0 + 4 * minute);
    const stored: unknown[] = [];
    for (const n of [1, 2, 3, 4]) {
      await post(store, t0 + n * minute, t0 + (n + 4) * minute);
      expect((await store.alert(asFingerprint(fingerprint)))?.external?.endsAt).toBe(t0 + (n + 4) * minute);
      expect((await store.alerts())[0]?.version).toBe(n + 1);
      stored.push(((await onDisk())?.external?.endsAt ?? 0) - t0);
    }
    expect(stored).toEqual([4 * minute, 4 * minute, 7 * minute, 7 * minute]);
    await store.close();
    expect((await onDisk())?.external?.endsAt).toBe(t0 + 8 * minute);
  });

  it('counts as a change to whoever has decided on what was before', async () => {
    const store = sqliteStore({ path });
    await post(store, t0, t0 + 60 * minute);
    const before = (await store.alert(asFingerprint(fingerprint))) as Alert;
    const gone = commitOf({
      writes: [{ kind: 'alert gone', fingerprint: asFingerprint(fingerprint), expected: before.version }],
    });
    expect([await post(store, t0 + 1, t0 + 61 * minute), await store.commit(gone)]).toEqual(['committed', 'conflict']);
    const raised = { ...((await store.alert(asFingerprint(fingerprint))) as Alert), severity: 'warn' as const, version: 3 };
    expect(await store.commit(commitOf({ writes: [{ kind: 'alert', value: raised, expected: 2 }] }))).toBe('committed');
    expect(await onDisk()).toEqual(raised);
    await post(store, t0 + 2, t0 + 62 * minute);
    expect(
      await store.commit(commitOf({ writes: [{ kind: 'alert gone', fingerprint: asFingerprint(fingerprint), expected: 4 }] })),
    ).toBe('committed');
    expect([await store.alert(asFingerprint(fingerprint)), await store.alerts(), await onDisk()]).toEqual([
      undefined,
      [],
      undefined,
    ]);
    await store.close();
  });

  it('is written when the end comes earlier than the one on disk', async () => {
    const store = sqliteStore({ path });
    const external = {
      source: 'others',
      title: 'Down',
      runbook: 'down',
      startsAt: t0,
      endsAt: t0 + 60 * minute,
      timeout: true as const,
    };
    await store.commit(commitOf({ writes: [{ kind: 'alert', value: firing(0, { external, version: 1 }), expected: 0 }] }));
    await post(store, t0 + minute, t0 + 5 * minute);
    expect((await onDisk())?.external?.endsAt).toBe(t0 + 5 * minute);
    await store.close();
  });

  it('is nothing that a failing job undoes with it', async () => {
    const store = sqliteStore({ path });
    await post(store, t0, t0 + 60 * minute);
    const known = (await store.alert(asFingerprint(fingerprint))) as Alert;
    const value = { ...known, version: 2, reason: 'never', evaluatedAt: t0 + 1 };
    const stale = exampleAlert({ fingerprint: asFingerprint('other'), version: 6 });
    const commit = commitOf({
      writes: [
        { kind: 'alert', value, expected: 1, repeat: true },
        { kind: 'alert', value: stale, expected: 5 },
      ],
    });
    expect(await store.commit(commit)).toBe('conflict');
    expect(await store.alert(asFingerprint(fingerprint))).toEqual(known);
    await store.close();
  });
});

it('whenever a process is killed, an alert whose sender repeats it twice in the time it gives has not ended', async () => {
  const life = 4 * minute;
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: life / 2 }), { maxLength: 12 }), fc.nat(11), async (waits, killedAt) => {
      path = join(folder, `${runs++}.db`);
      let store = sqliteStore({ path, durability: 'normal' });
      let now = t0;
      await post(store, now, now + life);
      for (const [n, wait] of waits.entries()) {
        // A crash leaves the file as it is.
        const left = await onDisk();
        now += wait;
        expect(left?.external?.endsAt ?? 0).toBeGreaterThanOrEqual(now);
        if (n === killedAt) {
          const next = join(folder, `${runs++}.db`);
          for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, next + end);
          await store.close();
          path = next;
          store = sqliteStore({ path, durability: 'normal' });
          expect(await store.alert(asFingerprint(fingerprint))).toEqual(left);
        }
        await post(store, now, now + life);
        const told = (await store.alert(asFingerprint(fingerprint))) as Alert;
        expect(told.external?.endsAt).toBe(now + life);
        const stored = (await onDisk()) as Alert;
        expect(stored.version === told.version || lasts(stored, told)).toBe(true);
      }
      await store.close();
    }),
    { numRuns: 30 },
  );
});
