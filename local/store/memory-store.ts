import type { Commit, CommitResult } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import { StoreUnavailableError } from '../../app/ports/store-errors.ts';
import { memoryNotes } from './memory-notes.ts';
import { type Leases, memoryOutbox } from './memory-outbox.ts';
import { memoryReads } from './memory-reads.ts';
import { memoryRecords } from './memory-records.ts';

/** A store that keeps in memory what the store behind cannot write, and hands it over later. */
export type MemoryStore = Store & {
  /**
   * Commits everything to the store behind at once. Rethrows its errors, without losing anything.
   */
  handOver(): Promise<void>;
  isEmpty(): boolean;
};

/**
 * Wraps a store that can be read but not written. Decisions go to memory under the store's own
 * conditions, so escalation and pages continue. Lost with the process.
 */
export function memoryStore(base: Store, leases: Leases): MemoryStore {
  const records = memoryRecords(base);
  const outbox = memoryOutbox(base, leases);
  const reads = memoryReads(base, records);
  const notes = memoryNotes(base);
  let turn: Promise<unknown> = Promise.resolve();

  /** Runs one at a time: a condition must still hold when its change is applied. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  }

  const refuse = (what: string) => async (): Promise<never> => {
    throw new StoreUnavailableError(`${what} cannot be stored now`);
  };

  async function commit({ writes, timeline, audit = [], effects, done }: Commit): Promise<CommitResult> {
    const staged = await records.stage({ writes, timeline, audit });
    if (staged === false || !(await outbox.isNew(effects))) return 'conflict';
    const applyEffects = await outbox.apply(effects, done);
    staged.apply();
    applyEffects();
    return 'committed';
  }

  async function handOver(): Promise<void> {
    if (!records.isEmpty() || !outbox.isEmpty()) {
      const all = (): Commit => ({ ...records.toCommit(), ...outbox.toCommit() });
      if ((await base.commit(all())) === 'conflict') {
        // A write reported as failed may still have reached the disk.
        await records.reconcile();
        await outbox.reconcile();
        if ((await base.commit(all())) === 'conflict')
          throw new Error('memory and store disagree; another process may have written to the store');
      }
      records.clear();
      await Promise.all(outbox.afterCommit());
      outbox.clear();
    }
    await notes.handOver();
  }

  return {
    maxActions: base.maxActions,
    commit: (one) => inTurn(() => commit(one)),
    handOver: () => inTurn(handOver),
    isEmpty: () => records.isEmpty() && outbox.isEmpty() && notes.isEmpty(),

    ...reads,
    forgetOfTenant: refuse('the end of an incident of a tenant'),
    trainings: base.trainings,
    training: base.training,
    trainingFeatures: base.trainingFeatures,

    dueEffects: outbox.dueEffects,
    effectsOfLane: outbox.effectsOfLane,
    effect: outbox.effect,
    leaseEffect: (...request) => inTurn(() => outbox.leaseEffect(...request)),
    postponeEffect: (...request) => inTurn(() => outbox.postponeEffect(...request)),
    pageSlot: outbox.pageSlot,
    pendingPages: outbox.pendingPages,
    claimPageSlot: (...request) => inTurn(() => outbox.claimPageSlot(...request)),
    async nextDueAt() {
      const steps = (await Promise.all((await base.dueIncidents(Number.MAX_SAFE_INTEGER, 1000)).map(reads.incident))).map(
        (one) => one?.nextStepAt,
      );
      const mine = records.all('incident').map(({ value }) => value?.nextStepAt);
      const times = [...steps, ...mine, await outbox.nextDueAt()].filter((at) => at !== undefined);
      return times.length === 0 ? undefined : Math.min(...times);
    },

    fold: refuse('a batch of records'),
    batchMark: base.batchMark,
    waiting: base.waiting,
    series: base.series,
    metrics: base.metrics,
    arrivals: base.arrivals,
    buckets: base.buckets,
    // It only informs, and memory is for what has to be done.
    addHistory: async () => {},
    history: base.history,
    ...notes.calls,
    quarantinedText: base.quarantinedText,
    // The record is found again as soon as it can be quarantined.
    quarantineNote: async () => {},
    dropQuarantined: refuse('that a record is dropped'),
    restoreQuarantined: refuse('that a record comes back from quarantine'),
    prune: async () => 0,
    close: base.close,
  };
}
