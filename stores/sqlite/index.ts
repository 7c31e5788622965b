/**
 * The store in one SQLite file (or `:memory:`), for one machine and for tests.
 *
 * - One process owns the file; a second one gets StoreLockedError. `readOnly` looks at it from
 *   beside, at any time.
 * - Each call is flushed to disk before it is answered, so nothing that was accepted is lost in a
 *   power cut. Flushes go on in another thread, so a call may be read before it is on disk; who
 *   answers from what they read waits for `unsettled` (docs/adr/0084). `durability: 'normal'`
 *   trades the flush for speed (see docs/benchmarks.md).
 * - Calls that write within one turn of the event loop share a transaction and its flush
 *   (group-commit.ts). Each is all or
 * nothing by itself, they take effect in the order in which they were made, and reading sees all or
 * nothing of them.
 * - What records an outcome outside, and causes nothing further, is written at once and shares the
 *   flush of a later call.
 * - Buckets are one row each, clustered by series and time, their numbers in columns. Read through
 *   SQLite, 600,000 of them
 * take over 0.5 s, more than a whole evaluation tick may; so the owner also keeps the newest in
 * memory, packed, and reads
 * them from there in about a fifth of that. Rows stay small, so a fold rewrites a bucket and not a
 * chunk of them. Whoever
 * reads very many series asks for some hundred at a time, so that not all of what is read is in
 * memory at once.
 * - The owner keeps alerts in memory as well. A repeat that only puts the end of an alert off is
 *   kept there alone while the end
 * on disk lasts (alerts.ts), and written at the latest when the store is closed.
 * - Every call is carried out in one piece: two calls never interleave.
 */
import type { Store } from '../../app/ports/store.ts';
import { storedSilence } from '../../core/alerting/silences/stored-silence.ts';
import { storedOverride } from '../../core/response/oncall/stored-override.ts';
import type { ClockReading, ClockStep } from '../../core/selfcheck/clock/step.ts';
import { ownedAlerts } from './alerts.ts';
import { alertsInFile } from './alerts-in-file.ts';
import { pruneAudit } from './audit-rows.ts';
import { pruneChanges } from './changes.ts';
import { decisions } from './decisions.ts';
import { diskOf } from './disk.ts';
import { expiringRecords } from './expiring-records.ts';
import { type FileLoss, fileWatch } from './file-watch.ts';
import { frozen, type Share } from './frozen.ts';
import { groupCommit } from './group-commit.ts';
import { judgementHistory, pruneHistory } from './history.ts';
import { storedIncidents } from './incidents.ts';
import { type OpenOptions, openFile } from './open.ts';
import { outbox, releaseLeases } from './outbox.ts';
import { beat, noUptime, type Owner, release } from './owner.ts';
import { quarantine } from './quarantine.ts';
import { lastNoted, rebase } from './rebase.ts';
import { samples } from './samples.ts';
import { fileTroubleOf } from './trouble.ts';

export { StoreFileError, StoreLockedError } from './open.ts';

const setMeta = 'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value';

/** How long a delivered effect can still be looked up, from its decision. */
const keepDeliveredMs = 7 * 86_400_000;

export type SqliteOptions = OpenOptions & {
  /** Buckets in memory, 56 bytes each (a feature counts as two more). Default a million. */
  cachedBuckets?: number;
  /** Alerts in memory, 1 to 2 kB each. Default 250,000. */
  cachedAlerts?: number;
  /** Briefs in memory with their incidents, about 1 kB each. Default 50,000. */
  cachedBriefs?: number;
  /**
   * Deep-freezes what readers share, so that a modification fails where it happens. Costs a fifth
   * of an alert storm's time. Default: true for `:memory:`, which tests and replays use.
   */
  guarded?: boolean;
  /**
   * For the one process that delivers: since it owns the file, earlier lease holders are gone, so
   * effects in flight at a crash are due at once.
   */
  releaseLeases?: boolean;
};

/** What the owning process does with the file itself. */
export type SqliteFile = {
  /** The previous owner with its last clock reading; undefined if there was none. */
  ownedBefore: Owner | undefined;
  /** What is wrong with the file; undefined: still there under its name with our data. */
  look(): FileLoss | undefined;
  /** Whether files beside the store were deleted and recreated since the last call. */
  healed(): boolean;
  /** Resolves when all that can be read is on disk; rejects if it cannot be. undefined: it is. */
  unsettled(): Promise<void> | undefined;
  /**
   * The last noted clock reading, and whether the machine has rebooted since; undefined: none
   * noted.
   */
  clockBefore(): { reading: ClockReading; sameBoot: boolean } | undefined;
  /**
   * Moves every stored time that something waits for, or counts from, with a clock step, and notes
   * the clock, in one commit. Returns the number of changed records.
   */
  rebase(step: ClockStep, now: ClockReading): number;
  /** Shows that this process is alive, and notes its clock. */
  beat(now: ClockReading): Promise<void>;
};

export type SqliteStore = Store & { file: SqliteFile };

/**
 * Throws StoreLockedError if another process owns the file, StoreFileError if the file cannot be
 * this store.
 */
export function sqliteStore(options: SqliteOptions): SqliteStore {
  const { sql, claimed, close } = openFile(options);
  if (options.releaseLeases === true && options.readOnly !== true) releaseLeases(sql);
  let owner = claimed?.owner;
  const owned = options.readOnly !== true;
  const share: Share = (options.guarded ?? options.path === ':memory:') ? frozen : (value) => value;
  const forget = (): void => {
    folded.forget();
    alerts.forget();
    incidents.forget();
    lists.silences.forget();
    lists.overrides.forget();
  };
  const isFlushed = owned && options.path !== ':memory:' && (options.durability ?? 'full') === 'full';
  const disk = isFlushed ? diskOf(sql, options.path) : undefined;
  const watch = owner === undefined ? undefined : fileWatch(sql, options.path, () => disk?.forget());
  const group = groupCommit(sql, { disk, lost: forget });
  const refresh = (): void => {
    group.flush();
    if (owned) alerts.writeHeld();
    forget();
  };
  const aside = quarantine(sql, group.write, { owned, refresh });
  const cachedBuckets = owned ? (options.cachedBuckets ?? 1_000_000) : undefined;
  const { pruneSamples, ...folded } = samples(sql, group.write, cachedBuckets, aside);
  const alerts = owned ? ownedAlerts(sql, options.cachedAlerts ?? 250_000, share, aside) : alertsInFile(sql, aside);
  const incidents = storedIncidents(sql, owned ? (options.cachedBriefs ?? 50_000) : 0, share, aside);
  const listed = { owned, share };
  const lists = {
    silences: expiringRecords(sql, { table: 'silences', record: storedSilence, orderedBy: ({ from }) => from, ...listed }, aside),
    overrides: expiringRecords(sql, { table: 'overrides', record: storedOverride, orderedBy: ({ at }) => at, ...listed }, aside),
  };
  /** On a full disk the record of the ended process stays. */
  function leave(): void {
    const last = owner;
    owner = undefined;
    try {
      if (last !== undefined) sql.transaction(() => release(sql, last));
    } catch (error) {
      if (fileTroubleOf(error) === undefined) throw error;
    }
  }
  return {
    alert: alerts.alert,
    alerts: alerts.alerts,
    alertsOf: alerts.alertsOf,
    timeSensitiveAlerts: alerts.timeSensitiveAlerts,
    ...decisions(sql, group, alerts, incidents, lists, aside),
    ...outbox(sql, group.write, aside),
    ...judgementHistory(sql, group.write, aside),
    ...aside.calls,
    fold: folded.fold,
    batchMark: folded.batchMark,
    waiting: folded.waiting,
    series: folded.series,
    metrics: folded.metrics,
    arrivals: folded.arrivals,
    buckets: folded.buckets,
    meta: async (key) => sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value,
    metas: async (wanted) => wanted.map((key) => sql.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key)?.value),
    async setMeta(key, value) {
      await group.write(() => sql.run(setMeta, key, value));
    },
    async setMetas(entries, { losable = false } = {}) {
      const write = (): void => {
        for (const [key, value] of entries) sql.run(setMeta, key, value);
      };
      await group.write(write, { losable });
    },
    async prune(now) {
      const text = 'DELETE FROM effects WHERE done = 1 AND created_at <= ?';
      const decided = (): number =>
        sql.run(text, now - keepDeliveredMs) + pruneAudit(sql, now) + pruneChanges(sql, now) + pruneHistory(sql, now);
      const [decisionsGone, folds] = await Promise.all([group.write(decided), pruneSamples(now)]);
      return decisionsGone + folds;
    },
    file: {
      ownedBefore: claimed?.before,
      look: () => watch?.look(owner),
      healed: () => watch?.healed() ?? false,
      unsettled: group.unsettled,
      clockBefore() {
        const before = claimed?.before;
        if (claimed === undefined || before?.uptime === noUptime) return undefined;
        if (before === undefined) {
          // In a file older than owner records, the last noted minute is its clock.
          const at = lastNoted(sql);
          return at === undefined ? undefined : { reading: { at, uptime: noUptime }, sameBoot: false };
        }
        return { reading: before, sameBoot: before.boot !== '' && before.boot === claimed.owner.boot };
      },
      rebase(step, now) {
        group.flush();
        if (owned) alerts.writeHeld();
        const last = owner;
        const { count, next } = sql.transaction(() => ({
          count: rebase(sql, step),
          next: last === undefined ? undefined : beat(sql, last, now),
        }));
        owner = next ?? last;
        forget();
        return count;
      },
      async beat(now) {
        const last = owner;
        if (last === undefined) return;
        // The last one is not needed after a power cut: the machine has rebooted then.
        owner = (await group.write(() => beat(sql, last, now), { losable: true })) ?? last;
      },
    },
    async close() {
      group.flush();
      try {
        if (owned) alerts.writeHeld();
        leave();
      } finally {
        await disk?.close();
        close();
      }
    },
  };
}
