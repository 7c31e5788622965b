import type { Commit, CommitResult } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import { StoreUnavailableError } from '../../app/ports/store-errors.ts';
import type { FileLoss } from '../../stores/sqlite/file-watch.ts';
import { fileTroubleOf } from '../../stores/sqlite/trouble.ts';
import { memoryStore } from './memory-store.ts';
import { effectOf, type StoreTrouble, troubleText } from './trouble.ts';

export type GuardOptions = {
  path: string;
  now: () => number;
  /** What is wrong with the file that was opened; undefined if it is still there with our data. */
  lookAtFile: () => FileLoss | undefined;
  /** The trouble changed; undefined: everything can be stored again. */
  onChange: (trouble: StoreTrouble | undefined, was: StoreTrouble | undefined) => void;
  /** A decision was made, wherever it is kept. */
  onCommitted?: (commit: Commit) => void;
  /** A decision will be lost with this process unless the trouble ends first. */
  onUnstored: (commit: Commit, trouble: StoreTrouble) => void;
};

/** One store as its different users see it. All read the same. */
export type GuardedStore = {
  /** For judging, escalation and delivery: continues even if nothing can be stored. */
  running: Store;
  /**
   * For requests of people and senders: throws StoreUnavailableError if a write would not be
   * stored.
   */
  asked: Store;
  /**
   * For alerts of other systems: they page anyway, and the post is refused, so that the sender
   * resends.
   */
  alerts: Store;
  trouble(): StoreTrouble | undefined;
  /**
   * Whether an error from a write outside this wrapper means that the store is not writable. If so,
   * records it.
   */
  note(error: unknown): boolean;
  /** Call every second: checks that the file still exists, and whether it is writable again. */
  check(): Promise<void>;
};

/**
 * The store counts as writable again only if this much fits. Otherwise it would flap with every
 * small write.
 */
const probeSize = 256 * 1024;

type Writing = Pick<
  Store,
  | 'commit'
  | 'leaseEffect'
  | 'postponeEffect'
  | 'claimPageSlot'
  | 'setMeta'
  | 'setMetas'
  | 'fold'
  | 'addHistory'
  | 'forgetOfTenant'
  | 'quarantineNote'
  | 'quarantineTold'
  | 'dropQuarantined'
  | 'restoreQuarantined'
  | 'prune'
>;
/** Runs a write on the right store. */
type Through = <T>(write: (store: Store) => Promise<T>) => Promise<T>;

/**
 * Keeps a full disk, locked file or deleted file from stopping pages. The first write that fails
 * this way redirects all writes to memory; `check` hands memory over once the store is writable
 * again.
 */
export function guardedStore(base: Store, options: GuardOptions): GuardedStore {
  /** Ends of current leases. Memory needs them, and the store does not expose them. */
  const leases = new Map<string, number>();
  const memory = memoryStore(base, leases);
  let trouble: StoreTrouble | undefined;
  let comingBack: Promise<void> | undefined;

  function change(kind: StoreTrouble['kind'] | undefined): void {
    if (kind === trouble?.kind) return;
    const was = trouble;
    trouble =
      kind === undefined ? undefined : { kind, text: troubleText(kind, options.path), since: was?.since ?? options.now() };
    options.onChange(trouble, was);
  }

  /** Whether an error means that the store is not writable. If so, records it. */
  function isTrouble(error: unknown): boolean {
    const kind = fileTroubleOf(error);
    // A missing file stays the reported trouble, whatever else is wrong.
    if (kind !== undefined && (trouble === undefined || effectOf(trouble) === 'retried')) change(kind);
    return kind !== undefined;
  }

  const inMemory = (): boolean => !memory.isEmpty() || (trouble !== undefined && effectOf(trouble) !== 'adrift');
  const reader = (): Store => (inMemory() ? memory : base);
  const isUnkept = (): boolean => trouble !== undefined || inMemory();
  const refusal = (cause?: unknown): StoreUnavailableError =>
    new StoreUnavailableError(trouble?.text ?? 'the store is not writable now', { cause });

  const goOn: Through = async (write) => {
    await comingBack;
    if (!inMemory()) {
      try {
        return await write(base);
      } catch (error) {
        if (!isTrouble(error)) throw error;
        await comingBack;
      }
    }
    return write(memory);
  };

  const keepOrRefuse: Through = async (write) => {
    await comingBack;
    if (isUnkept()) throw refusal();
    try {
      return await write(base);
    } catch (error) {
      throw isTrouble(error) ? refusal(error) : error;
    }
  };

  async function commitAndGoOn(commit: Commit): Promise<CommitResult> {
    const result = await goOn((store) => store.commit(commit));
    if (result === 'conflict') return result;
    options.onCommitted?.(commit);
    for (const id of commit.done) leases.delete(id);
    if (trouble !== undefined) options.onUnstored(commit, trouble);
    return result;
  }

  async function commitOrRefuse(commit: Commit): Promise<CommitResult> {
    const result = await keepOrRefuse((store) => store.commit(commit));
    if (result === 'committed') options.onCommitted?.(commit);
    return result;
  }

  async function commitAlerts(commit: Commit): Promise<CommitResult> {
    const result = await commitAndGoOn(commit);
    if (result === 'committed' && isUnkept()) throw refusal();
    return result;
  }

  async function comeBack(): Promise<void> {
    await base.setMeta('space probe', ' '.repeat(probeSize));
    await memory.handOver();
    await base.setMeta('space probe', '');
  }

  async function check(): Promise<void> {
    if (comingBack !== undefined) return;
    const loss = options.lookAtFile();
    if (loss !== undefined) change(loss);
    else if (trouble !== undefined && effectOf(trouble) === 'adrift') change(undefined);
    if (!inMemory() || (trouble !== undefined && effectOf(trouble) === 'lost')) return;
    const work = comeBack();
    comingBack = work.catch(() => {});
    try {
      await work;
      if (trouble !== undefined && effectOf(trouble) === 'retried') change(undefined);
    } catch (error) {
      if (!isTrouble(error)) throw error;
    } finally {
      comingBack = undefined;
    }
  }

  const storeOf = (writes: Writing): Store => ({
    ...readsOf(reader),
    ...writes,
    maxActions: base.maxActions,
    close: base.close,
  });
  // A reader must not fail because a record does not decode.
  const { quarantineNote } = writesBy(goOn);
  const askedWrites = { ...writesBy(keepOrRefuse), commit: commitOrRefuse, quarantineNote };
  return {
    running: storeOf({
      ...writesBy(goOn),
      commit: commitAndGoOn,
      async leaseEffect(id, now, until, how) {
        const leased = await goOn((store) => store.leaseEffect(id, now, until, how));
        if (leased) leases.set(id, until);
        return leased;
      },
      async postponeEffect(id, notBefore, note) {
        await goOn((store) => store.postponeEffect(id, notBefore, note));
        // Another worker holds it, so nothing was postponed.
        if (note.unlessHeldAt === undefined) leases.delete(id);
      },
    }),
    asked: storeOf(askedWrites),
    alerts: storeOf({ ...askedWrites, commit: commitAlerts }),
    trouble: () => trouble,
    note: isTrouble,
    check,
  };
}

const writesBy = (through: Through): Writing => ({
  commit: (...request) => through((store) => store.commit(...request)),
  leaseEffect: (...request) => through((store) => store.leaseEffect(...request)),
  postponeEffect: (...request) => through((store) => store.postponeEffect(...request)),
  claimPageSlot: (...request) => through((store) => store.claimPageSlot(...request)),
  setMeta: (...request) => through((store) => store.setMeta(...request)),
  setMetas: (...request) => through((store) => store.setMetas(...request)),
  fold: (...request) => through((store) => store.fold(...request)),
  addHistory: (...request) => through((store) => store.addHistory(...request)),
  forgetOfTenant: (...request) => through((store) => store.forgetOfTenant(...request)),
  quarantineNote: (...request) => through((store) => store.quarantineNote(...request)),
  quarantineTold: (...request) => through((store) => store.quarantineTold(...request)),
  dropQuarantined: (...request) => through((store) => store.dropQuarantined(...request)),
  restoreQuarantined: (...request) => through((store) => store.restoreQuarantined(...request)),
  prune: (...request) => through((store) => store.prune(...request)),
});

type Reading = Omit<Store, keyof Writing | 'maxActions' | 'close'>;

/** Reads from whichever store is authoritative now. */
const readsOf = (current: () => Store): Reading => ({
  incident: (...request) => current().incident(...request),
  incidentOfGroup: (...request) => current().incidentOfGroup(...request),
  incidents: (...request) => current().incidents(...request),
  dueIncidents: (...request) => current().dueIncidents(...request),
  timeline: (...request) => current().timeline(...request),
  latestEntries: (...request) => current().latestEntries(...request),
  auditLog: (...request) => current().auditLog(...request),
  history: (...request) => current().history(...request),
  alerts: (...request) => current().alerts(...request),
  timeSensitiveAlerts: (...request) => current().timeSensitiveAlerts(...request),
  alert: (...request) => current().alert(...request),
  alertsOf: (...request) => current().alertsOf(...request),
  deployment: (...request) => current().deployment(...request),
  changesOf: (...request) => current().changesOf(...request),
  changes: (...request) => current().changes(...request),
  silences: (...request) => current().silences(...request),
  overrides: (...request) => current().overrides(...request),
  devices: (...request) => current().devices(...request),
  heartbeats: (...request) => current().heartbeats(...request),
  serving: (...request) => current().serving(...request),
  acceptedBaselines: (...request) => current().acceptedBaselines(...request),
  allAcceptedBaselines: (...request) => current().allAcceptedBaselines(...request),
  trainings: (...request) => current().trainings(...request),
  training: (...request) => current().training(...request),
  trainingFeatures: (...request) => current().trainingFeatures(...request),
  dueEffects: (...request) => current().dueEffects(...request),
  effect: (...request) => current().effect(...request),
  effectsOfLane: (...request) => current().effectsOfLane(...request),
  pageSlot: (...request) => current().pageSlot(...request),
  pendingPages: (...request) => current().pendingPages(...request),
  nextDueAt: (...request) => current().nextDueAt(...request),
  batchMark: (...request) => current().batchMark(...request),
  waiting: (...request) => current().waiting(...request),
  metrics: (...request) => current().metrics(...request),
  arrivals: (...request) => current().arrivals(...request),
  series: (...request) => current().series(...request),
  buckets: (...request) => current().buckets(...request),
  quarantined: (...request) => current().quarantined(...request),
  quarantinedText: (...request) => current().quarantinedText(...request),
  meta: (...request) => current().meta(...request),
  metas: (...request) => current().metas(...request),
});
