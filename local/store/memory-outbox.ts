import type { Store } from '../../app/ports.ts';
import { type Effect, type Medium, mediumOf, type StoredEffect } from '../../core/deliveries/effect.ts';

/** An effect as memory has it; `dueAt` is the end of its lease while one is held. */
type Cell = { stored: StoredEffect; dueAt: number; isNew: boolean };

/** Ends of the leases that the store behind has given, by effect: it shows them to nobody. */
export type Leases = ReadonlyMap<string, number>;

/**
 * Effects and page slots while the store behind cannot be written. A page that was sent is remembered here under its own
 * key, so that it is sent once. What changes a deployment waits: it must not be done where it cannot be recorded.
 */
export type MemoryOutbox = Pick<
  Store,
  'dueEffects' | 'effect' | 'leaseEffect' | 'postponeEffect' | 'lastPaged' | 'claimPageSlot'
> & {
  isNew(effects: readonly Effect[]): Promise<boolean>;
  /** Adds the effects of a decision, and concludes others. */
  apply(effects: readonly Effect[], done: readonly string[]): Promise<() => void>;
  nextDueAt(): Promise<number | undefined>;
  /** The parts of a commit to the store behind. */
  toCommit(): { effects: Effect[]; done: string[] };
  /** What is left to be told the store behind, once that commit stands. */
  afterCommit(): Promise<unknown>[];
  reconcile(): Promise<void>;
  isEmpty(): boolean;
  clear(): void;
};

const needsRecord = ({ kind }: Effect): boolean => kind === 'inspect' || kind === 'rollback';
const startOf = (effect: Effect): number => (effect.kind === 'wake' ? effect.at : effect.createdAt);
const inOrder = (a: Cell, b: Cell): number => a.dueAt - b.dueAt || a.stored.effect.createdAt - b.stored.effect.createdAt;

export function memoryOutbox(base: Store, leases: Leases): MemoryOutbox {
  const cells = new Map<string, Cell>();
  const slots = new Map<string, { was: number | undefined; at: number }>();

  const storedCell = async (id: string): Promise<Cell | undefined> => {
    const stored = await base.effect(id);
    return stored === undefined ? undefined : { stored, dueAt: leases.get(id) ?? stored.notBefore, isNew: false };
  };
  const cellOf = async (id: string): Promise<Cell | undefined> => cells.get(id) ?? storedCell(id);
  /** `change` is applied at once, to what memory has by then. */
  const change = async (id: string, next: (cell: Cell) => Cell | undefined): Promise<boolean> => {
    const read = await cellOf(id);
    const cell = cells.get(id) ?? read;
    const changed = cell === undefined || cell.stored.done ? undefined : next(cell);
    if (changed !== undefined) cells.set(id, changed);
    return changed !== undefined;
  };
  const lastPaged = async (key: string): Promise<number | undefined> => slots.get(key)?.at ?? (await base.lastPaged(key));
  const open = (): Cell[] => [...cells.values()].filter(({ stored }) => !stored.done && !needsRecord(stored.effect));
  const others = async (now: number, limit: number, medium?: Medium): Promise<StoredEffect[]> =>
    (await base.dueEffects(now, limit + cells.size, medium)).filter(
      ({ effect }) => !cells.has(effect.id) && !needsRecord(effect),
    );

  return {
    async dueEffects(now, limit, medium) {
      const mine = open().filter(
        ({ stored, dueAt }) => dueAt <= now && (medium === undefined || mediumOf(stored.effect) === medium),
      );
      const behind = (await others(now, limit, medium)).map(
        (stored): Cell => ({ stored, dueAt: stored.notBefore, isNew: false }),
      );
      const due = mine.length === 0 ? behind : [...behind, ...mine].sort(inOrder);
      return due.slice(0, limit).map(({ stored }) => stored);
    },
    effect: async (id) => (await cellOf(id))?.stored,
    leaseEffect: (id, now, until) =>
      change(id, ({ stored, dueAt, isNew }) =>
        dueAt > now || needsRecord(stored.effect)
          ? undefined
          : {
              stored: { ...stored, attempts: stored.attempts + 1, firstTriedAt: stored.firstTriedAt ?? now },
              dueAt: until,
              isNew,
            },
      ),
    async postponeEffect(id, notBefore, { error, uncount }) {
      await change(id, ({ stored, isNew }) => {
        const { firstTriedAt, ...rest } = stored;
        const untried = firstTriedAt === undefined || (uncount === true && stored.attempts <= 1);
        const attempts = uncount === true ? Math.max(stored.attempts - 1, 0) : stored.attempts;
        const told = error === undefined ? {} : { lastError: error };
        const next = { ...rest, ...(untried ? {} : { firstTriedAt }), ...told, attempts, notBefore };
        return { stored: next, dueAt: notBefore, isNew };
      });
    },
    lastPaged,
    async claimPageSlot(key, was, at) {
      const stored = await base.lastPaged(key);
      const known = slots.get(key);
      if ((known?.at ?? stored) !== was) return false;
      slots.set(key, { was: known === undefined ? stored : known.was, at });
      return true;
    },
    async isNew(effects) {
      for (const { id } of effects) if ((await cellOf(id)) !== undefined) return false;
      return true;
    },
    async apply(effects, done) {
      const behind = new Map<string, Cell>();
      for (const id of done) {
        const cell = cells.has(id) ? undefined : await storedCell(id);
        if (cell !== undefined) behind.set(id, cell);
      }
      return () => {
        for (const effect of effects) {
          const notBefore = startOf(effect);
          cells.set(effect.id, { stored: { effect, attempts: 0, notBefore, done: false }, dueAt: notBefore, isNew: true });
        }
        for (const id of done) {
          const cell = cells.get(id) ?? behind.get(id);
          if (cell !== undefined) cells.set(id, { ...cell, stored: { ...cell.stored, done: true } });
        }
      };
    },
    async nextDueAt() {
      const times = open().map(({ dueAt }) => dueAt);
      for (const { notBefore } of await others(Number.MAX_SAFE_INTEGER, 1)) times.push(notBefore);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    toCommit() {
      const all = [...cells.values()];
      return {
        effects: all.filter(({ isNew }) => isNew).map(({ stored }) => stored.effect),
        done: all.filter(({ stored }) => stored.done).map(({ stored }) => stored.effect.id),
      };
    },
    afterCommit() {
      const calls: Promise<unknown>[] = [];
      for (const [key, { was, at }] of slots) calls.push(base.claimPageSlot(key, was, at));
      for (const { stored, dueAt } of cells.values()) {
        const { effect, notBefore, firstTriedAt, lastError, done } = stored;
        if (done) continue;
        // Its first try counts from when that was; what is under way stays held.
        if (firstTriedAt !== undefined) calls.push(base.leaseEffect(effect.id, Math.max(firstTriedAt, startOf(effect)), dueAt));
        if (dueAt > notBefore) continue;
        calls.push(base.postponeEffect(effect.id, notBefore, lastError === undefined ? {} : { error: lastError }));
      }
      return calls;
    },
    async reconcile() {
      for (const [id, cell] of cells) cell.isNew = cell.isNew && (await base.effect(id)) === undefined;
    },
    isEmpty: () => cells.size === 0 && slots.size === 0,
    clear() {
      cells.clear();
      slots.clear();
    },
  };
}
