import type { DueEffects, Outbox } from '../../app/ports/outbox.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Effect, StoredEffect } from '../../core/response/outbox/effect.ts';
import { laneOf, pagePriorities, priorities, priorityOf, receiverOf } from '../../core/response/outbox/lanes.ts';
import type { PageSlot } from '../../core/response/outbox/page-slot.ts';
import type { EffectId } from '../../core/vocabulary/ids.ts';

/** An effect in memory; `dueAt` is the end of its lease while it is leased. */
type Cell = { stored: StoredEffect; dueAt: number; isNew: boolean };

/** Ends of leases given by the store behind, by effect, since it does not expose them. */
export type Leases = ReadonlyMap<string, number>;

/**
 * Effects and page slots while the store is not writable. A sent page is remembered by its key, so
 * that it goes out once. Changes to a deployment wait: they must not happen unrecorded.
 */
export type MemoryOutbox = Outbox & {
  isNew(effects: readonly Effect[]): Promise<boolean>;
  /** Adds a decision's effects, and completes others. */
  apply(effects: readonly Effect[], done: readonly EffectId[]): Promise<() => void>;
  /** The parts to commit to the store behind. */
  toCommit(): { effects: Effect[]; done: EffectId[] };
  /** What else the store behind needs after that commit. */
  afterCommit(): Promise<unknown>[];
  reconcile(): Promise<void>;
  isEmpty(): boolean;
  clear(): void;
};

const needsRecord = ({ kind }: Effect): boolean => kind === 'describe_deployment' || kind === 'rollback';
const startOf = (effect: Effect): number => (effect.kind === 'timer' ? effect.at : effect.createdAt);
const inOrder = (a: Cell, b: Cell): number =>
  priorityOf(a.stored.effect) - priorityOf(b.stored.effect) ||
  a.dueAt - b.dueAt ||
  a.stored.effect.createdAt - b.stored.effect.createdAt;
/**
 * The most pages of the store behind that are counted. More exist only after days with nobody
 * reachable.
 */
const maxCounted = 10_000;

export function memoryOutbox(base: Store, leases: Leases): MemoryOutbox {
  const cells = new Map<EffectId, Cell>();
  const slots = new Map<string, { was: PageSlot | undefined; slot: PageSlot }>();

  const storedCell = async (id: EffectId): Promise<Cell | undefined> => {
    const stored = await base.effect(id);
    return stored === undefined ? undefined : { stored, dueAt: leases.get(id) ?? stored.notBefore, isNew: false };
  };
  const cellOf = async (id: EffectId): Promise<Cell | undefined> => cells.get(id) ?? storedCell(id);
  /** Applies `change` immediately to the current state in memory. */
  const change = async (id: EffectId, next: (cell: Cell) => Cell | undefined): Promise<boolean> => {
    const read = await cellOf(id);
    const cell = cells.get(id) ?? read;
    const changed = cell === undefined || cell.stored.done ? undefined : next(cell);
    if (changed !== undefined) cells.set(id, changed);
    return changed !== undefined;
  };
  const pageSlot = async (lane: string): Promise<PageSlot | undefined> => slots.get(lane)?.slot ?? (await base.pageSlot(lane));
  const open = (): Cell[] => [...cells.values()].filter(({ stored }) => !stored.done && !needsRecord(stored.effect));
  const others = async (now: number, limit: number, of?: DueEffects): Promise<StoredEffect[]> =>
    (await base.dueEffects(now, limit + cells.size, of)).filter(({ effect }) => !cells.has(effect.id) && !needsRecord(effect));

  return {
    async dueEffects(now, limit, of = {}) {
      const { priorities: wanted = priorities, busy } = of;
      const mine = open().filter(
        ({ stored: { effect }, dueAt }) =>
          dueAt <= now &&
          wanted.includes(priorityOf(effect)) &&
          busy?.lanes.includes(laneOf(effect)) !== true &&
          busy?.receivers.includes(receiverOf(effect)) !== true,
      );
      const behind = (await others(now, limit, of)).map((stored): Cell => ({ stored, dueAt: stored.notBefore, isNew: false }));
      const due = mine.length === 0 ? behind : [...behind, ...mine].sort(inOrder);
      return due.slice(0, limit).map(({ stored }) => stored);
    },
    async effectsOfLane(lane) {
      const behind = (await base.effectsOfLane(lane)).filter(({ effect }) => !cells.has(effect.id));
      const mine = open().flatMap(({ stored }) => (laneOf(stored.effect) === lane ? [stored] : []));
      return [...behind, ...mine].sort((a, b) => a.effect.createdAt - b.effect.createdAt);
    },
    effect: async (id) => (await cellOf(id))?.stored,
    leaseEffect: (id, now, until, { early = false } = {}) =>
      change(id, ({ stored, dueAt, isNew }) => {
        // A lease moves only dueAt; a postponed effect has dueAt equal to notBefore.
        const mayBeTaken = dueAt <= now || (early && dueAt === stored.notBefore);
        if (!mayBeTaken || needsRecord(stored.effect)) return undefined;
        const { attempts, firstTriedAt = now } = stored;
        const notBefore = Math.min(stored.notBefore, now);
        return { stored: { ...stored, notBefore, attempts: attempts + 1, firstTriedAt }, dueAt: until, isNew };
      }),
    async postponeEffect(id, notBefore, { error, uncount, unlessHeldAt }) {
      await change(id, ({ stored, dueAt, isNew }) => {
        if (unlessHeldAt !== undefined && dueAt > unlessHeldAt) return undefined;
        const { firstTriedAt, ...rest } = stored;
        const untried = firstTriedAt === undefined || (uncount === true && stored.attempts <= 1);
        const attempts = uncount === true ? Math.max(stored.attempts - 1, 0) : stored.attempts;
        const told = error === undefined ? {} : { lastError: error };
        const next = { ...rest, ...(untried ? {} : { firstTriedAt }), ...told, attempts, notBefore };
        return { stored: next, dueAt: notBefore, isNew };
      });
    },
    pageSlot,
    async claimPageSlot(lane, was, slot) {
      const stored = await base.pageSlot(lane);
      const known = slots.get(lane);
      const now = known?.slot ?? stored;
      if (now?.at !== was?.at || now?.criticalAt !== was?.criticalAt) return false;
      slots.set(lane, { was: known === undefined ? stored : known.was, slot });
      return true;
    },
    async pendingPages(now) {
      const behind = await others(Number.MAX_SAFE_INTEGER, maxCounted, { priorities: pagePriorities });
      const pages = [
        ...behind.map((stored): Cell => ({ stored, dueAt: leases.get(stored.effect.id) ?? stored.notBefore, isNew: false })),
        ...open().filter(({ stored }) => stored.effect.kind === 'page'),
      ];
      const waiting = pages.filter(({ dueAt }) => dueAt <= now).length;
      const oldestAt = Math.min(...pages.map(({ stored }) => stored.effect.createdAt));
      return { waiting, held: pages.length - waiting, ...(pages.length === 0 ? {} : { oldestAt }) };
    },
    async isNew(effects) {
      for (const { id } of effects) if ((await cellOf(id)) !== undefined) return false;
      return true;
    },
    async apply(effects, done) {
      const behind = new Map<EffectId, Cell>();
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
      for (const [lane, { was, slot }] of slots) calls.push(base.claimPageSlot(lane, was, slot));
      for (const { stored, dueAt } of cells.values()) {
        const { effect, notBefore, firstTriedAt, lastError, done } = stored;
        if (done) continue;
        // Keeps the time of the first try; a leased effect stays leased.
        if (firstTriedAt !== undefined) {
          const at = Math.max(firstTriedAt, startOf(effect));
          calls.push(base.leaseEffect(effect.id, at, dueAt, { early: true }));
        }
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
