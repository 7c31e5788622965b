import type { FileLoss } from '../../adapters/sqlite/file-watch.ts';
import { fileTroubleOf } from '../../adapters/sqlite/trouble.ts';
import type { Commit, CommitResult } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
import { StoreUnavailableError } from '../../app/ports/store-errors.ts';
import { memoryStore } from './memory-store.ts';
import { effectOf, type StoreTrouble, troubleText } from './trouble.ts';

export type GuardOptions = {
  path: string;
  now: () => number;
  /** Whether the file is still the one that was opened, with what was written to it; undefined: it is. */
  lookAtFile: () => FileLoss | undefined;
  /** Something is wrong, or something else; undefined: everything can be stored again. */
  onChange: (trouble: StoreTrouble | undefined, was: StoreTrouble | undefined) => void;
  /** A decision stands that will not outlive this process unless the trouble ends before it. */
  onUnstored: (commit: Commit, trouble: StoreTrouble) => void;
};

/** One store, as those see it who use it. All of them read the same. */
export type GuardedStore = {
  /** For what judges, escalates and delivers: it goes on where nothing can be stored. */
  running: Store;
  /** For what people and senders ask for: refused with StoreUnavailableError where it would not be kept. */
  asked: Store;
  /** For alerts of other systems: they page, and are refused as well so that they are sent again. */
  alerts: Store;
  trouble(): StoreTrouble | undefined;
  /** Whether an error of a write that went past this says that the store cannot be written; then it is noted. */
  note(error: unknown): boolean;
  /** To be called every second: looks whether the file is still there, and whether it can be written again. */
  check(): Promise<void>;
};

/** So much must fit before the store counts as writable again, or it would come and go with each small write. */
const probeSize = 256 * 1024;

type Writing = Pick<
  Store,
  | 'commit'
  | 'leaseEffect'
  | 'postponeEffect'
  | 'claimPageSlot'
  | 'setMeta'
  | 'fold'
  | 'forgetOfTenant'
  | 'quarantineNote'
  | 'quarantineTold'
  | 'dropQuarantined'
  | 'prune'
>;
/** Does a write on the store that is to have it. */
type Through = <T>(write: (store: Store) => Promise<T>) => Promise<T>;

/**
 * Keeps a full disk, a locked file or a deleted one from holding up pages. The first write that fails for such a reason
 * turns all of them to memory, and `check` hands over what memory has once the store can be written again.
 */
export function guardedStore(base: Store, options: GuardOptions): GuardedStore {
  /** Ends of the leases that are held: memory has to know of them, and the store shows them to nobody. */
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

  /** Whether an error says that the store cannot be written; then it is noted. */
  function isTrouble(error: unknown): boolean {
    const kind = fileTroubleOf(error);
    // A file that is gone stays gone, whatever else is wrong with it.
    if (kind !== undefined && (trouble === undefined || effectOf(trouble) === 'retried')) change(kind);
    return kind !== undefined;
  }

  const inMemory = (): boolean => !memory.isEmpty() || (trouble !== undefined && effectOf(trouble) !== 'adrift');
  const reader = (): Store => (inMemory() ? memory : base);
  const isUnkept = (): boolean => trouble !== undefined || inMemory();
  const refusal = (cause?: unknown): StoreUnavailableError =>
    new StoreUnavailableError(trouble?.text ?? 'the store cannot be written now', { cause });

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
    for (const id of commit.done) leases.delete(id);
    if (trouble !== undefined) options.onUnstored(commit, trouble);
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
  // Who only reads is not refused because what is read does not decode.
  const { quarantineNote } = writesBy(goOn);
  const askedWrites = { ...writesBy(keepOrRefuse), quarantineNote };
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
        // Another one holds it: then nothing was put off.
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
  fold: (...request) => through((store) => store.fold(...request)),
  forgetOfTenant: (...request) => through((store) => store.forgetOfTenant(...request)),
  quarantineNote: (...request) => through((store) => store.quarantineNote(...request)),
  quarantineTold: (...request) => through((store) => store.quarantineTold(...request)),
  dropQuarantined: (...request) => through((store) => store.dropQuarantined(...request)),
  prune: (...request) => through((store) => store.prune(...request)),
});

type Reading = Omit<Store, keyof Writing | 'maxActions' | 'close'>;

/** Reads from whichever store holds the truth at the moment. */
const readsOf = (current: () => Store): Reading => ({
  incident: (...request) => current().incident(...request),
  incidentOfGroup: (...request) => current().incidentOfGroup(...request),
  incidents: (...request) => current().incidents(...request),
  dueIncidents: (...request) => current().dueIncidents(...request),
  timeline: (...request) => current().timeline(...request),
  alerts: (...request) => current().alerts(...request),
  timeSensitiveAlerts: (...request) => current().timeSensitiveAlerts(...request),
  alert: (...request) => current().alert(...request),
  alertsOf: (...request) => current().alertsOf(...request),
  deployment: (...request) => current().deployment(...request),
  silences: (...request) => current().silences(...request),
  overrides: (...request) => current().overrides(...request),
  serving: (...request) => current().serving(...request),
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
  arrivals: (...request) => current().arrivals(...request),
  series: (...request) => current().series(...request),
  buckets: (...request) => current().buckets(...request),
  quarantined: (...request) => current().quarantined(...request),
  quarantinedText: (...request) => current().quarantinedText(...request),
  meta: (...request) => current().meta(...request),
});
