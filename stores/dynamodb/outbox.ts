import type { Outbox } from '../../app/ports/outbox.ts';
import type { Effect, StoredEffect } from '../../core/response/outbox/effect.ts';
import { laneOf, type Priority, pagePriorities, priorities, receiverOf } from '../../core/response/outbox/lanes.ts';
import type { PageSlot } from '../../core/response/outbox/page-slot.ts';
import { storedEffect } from '../../core/response/outbox/stored-effect.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { dueKeys, earliest, firstDue, listed } from './indexes.ts';
import { dueList, type Item, type Key, keys, laneList, ttlOf } from './items.ts';
import type { Quarantine } from './quarantine.ts';
import type { Table } from './table.ts';

/** A page slot is irrelevant after a day: rate limits are minutes. */
const keepSlotMs = 86_400_000;
/** Pages counted per priority; each is read. */
const maxCounted = 1000;
/** Below every possible time. */
const always = -8.64e15;

/** undefined: the attributes beside the document are not those of an effect. */
function deliveryOf(item: Item): Omit<StoredEffect, 'effect'> | undefined {
  const { attempts, notBefore, firstTriedAt, lastError, done } = item;
  if (typeof attempts !== 'number' || typeof notBefore !== 'number' || typeof done !== 'boolean') return undefined;
  if (firstTriedAt !== undefined && typeof firstTriedAt !== 'number') return undefined;
  if (lastError !== undefined && typeof lastError !== 'string') return undefined;
  return {
    attempts,
    notBefore,
    ...(firstTriedAt === undefined ? {} : { firstTriedAt }),
    ...(lastError === undefined ? {} : { lastError }),
    done,
  };
}

/**
 * Whether somebody is waiting for it. Whether it is synthetic is in the document, which is
 * unreadable.
 */
const isUrgent = (item: Item): boolean => item['done'] !== true && item['kind'] === 'page';

/** Outgoing effects, and the rate limit of pages. `dueAt` is the end of the lease while leased. */
export function outbox(table: Table, quarantine: Quarantine): Outbox {
  const storedIn = async (item: Item): Promise<StoredEffect | undefined> => {
    const id = String(item['pk']).replace(/^effect#/, '');
    const known = { kind: 'effect', id, urgent: isUrgent(item) } as const;
    const delivery = deliveryOf(item);
    if (delivery === undefined) {
      await quarantine.setAside(item, known, {
        by: 'shape',
        text: 'what is noted of its delivery has not the fields that it must have',
      });
      return undefined;
    }
    const effect = await quarantine.read(item, storedEffect, known);
    return effect === undefined ? undefined : { effect, ...delivery };
  };
  const allIn = async (items: readonly Item[]): Promise<StoredEffect[]> =>
    (await Promise.all(items.map(storedIn))).filter((one) => one !== undefined);
  const get = async (id: string): Promise<Item | undefined> => {
    const item = await table.get(keys.effect(id));
    // Completing a missing effect leaves an item without a document.
    return item?.['doc'] === undefined && item?.['done'] === true ? undefined : item;
  };
  const openItems = async (found: Item[]): Promise<Item[]> => {
    const items = await table.getAll(found.map(({ pk, sk }) => ({ pk, sk }) as Key));
    // The index lags, so the items themselves decide.
    return items.filter((item) => item !== undefined && item['done'] !== true) as Item[];
  };
  const dueNow = async (priority: Priority, now: number, limit: number): Promise<{ keysSeen: number; due: StoredEffect[] }> => {
    const found = (await dueKeys(table, dueList(priority), now, limit)).sort(earliest).slice(0, limit);
    const items = (await openItems(found)).filter((item) => (item['dueAt'] as number) <= now);
    const read = await Promise.all(
      items.map(async (item) => {
        const stored = await storedIn(item);
        return stored === undefined ? undefined : { dueAt: item['dueAt'] as number, stored };
      }),
    );
    const due = read
      .filter((one) => one !== undefined)
      .sort((a, b) => a.dueAt - b.dueAt || inOrder(a.stored.effect, b.stored.effect))
      .map(({ stored }) => stored);
    return { keysSeen: found.length, due };
  };
  return {
    async dueEffects(now, limit, { priorities: wanted = priorities, busy } = {}) {
      const isBusy = ({ effect }: StoredEffect): boolean =>
        busy !== undefined && (busy.receivers.includes(receiverOf(effect)) || busy.lanes.includes(laneOf(effect)));
      const all: StoredEffect[] = [];
      for (const priority of wanted) {
        const left = limit - all.length;
        // The index ignores lanes, so search further until there are enough, or no more.
        for (let look = left; left > 0; look *= 4) {
          const { keysSeen, due } = await dueNow(priority, now, look);
          const free = due.filter((stored) => !isBusy(stored));
          if (free.length < left && keysSeen === look && free.length < due.length) continue;
          all.push(...free.slice(0, left));
          break;
        }
      }
      return all;
    },
    async effectsOfLane(lane) {
      const items = (await listed(table, laneList(lane), always)).filter((item) => item['done'] !== true);
      return (await allIn(items)).sort((a, b) => inOrder(a.effect, b.effect));
    },
    async effect(id) {
      const item = await get(id);
      return item === undefined ? undefined : storedIn(item);
    },
    async leaseEffect(id, now, until, { early = false } = {}) {
      const given = { ':until': until, ':now': now, ':one': 1, ':false': false };
      const taken = await table.update(keys.effect(id), {
        UpdateExpression: 'SET dueAt = :until, firstTriedAt = if_not_exists(firstTriedAt, :now) ADD attempts :one',
        ConditionExpression: 'done = :false AND dueAt <= :now',
        ExpressionAttributeValues: given,
      });
      if (taken || !early) return taken;
      // A lease moves only dueAt, so a postponed effect has dueAt equal to notBefore, and a leased
      // one has not.
      return table.update(keys.effect(id), {
        UpdateExpression:
          'SET dueAt = :until, notBefore = :now, firstTriedAt = if_not_exists(firstTriedAt, :now) ADD attempts :one',
        ConditionExpression: 'done = :false AND dueAt > :now AND dueAt = notBefore',
        ExpressionAttributeValues: given,
      });
    },
    async postponeEffect(id, notBefore, { error, uncount, unlessHeldAt }) {
      for (;;) {
        const item = await get(id);
        if (item === undefined || item['done'] === true) return;
        if (unlessHeldAt !== undefined && (item['dueAt'] as number) > unlessHeldAt) return;
        const before = item['attempts'] as number;
        const attempts = uncount === true ? Math.max(before - 1, 0) : before;
        // An untried effect has no first try; otherwise waiting for the rate limit would count as
        // failing.
        const untried = uncount === true && attempts === 0;
        const given = await table.update(keys.effect(id), {
          UpdateExpression: `SET notBefore = :at, dueAt = :at, attempts = :attempts${error === undefined ? '' : ', lastError = :error'}${untried ? ' REMOVE firstTriedAt' : ''}`,
          ConditionExpression: 'done = :false AND attempts = :before',
          ExpressionAttributeValues: {
            ':at': notBefore,
            ':attempts': attempts,
            ':before': before,
            ':false': false,
            ...(error === undefined ? {} : { ':error': error.toWellFormed() }),
          },
        });
        if (given) return;
      }
    },
    async pageSlot(lane) {
      const item = await table.get(keys.pageSlot(lane));
      if (item === undefined) return undefined;
      const slot = slotOf(item);
      const reason = { by: 'shape', text: 'the times of the page slot are no numbers' } as const;
      if (slot === undefined) await quarantine.setAside(item, { kind: 'page slot', id: lane }, reason);
      return slot;
    },
    claimPageSlot(lane, was, next) {
      const unchanged = was?.criticalAt === undefined ? 'attribute_not_exists(criticalAt)' : 'criticalAt = :wasCritical';
      return table.update(keys.pageSlot(lane), {
        UpdateExpression: `SET paged = :at, #ttl = :expires${next.criticalAt === undefined ? ' REMOVE criticalAt' : ', criticalAt = :criticalAt'}`,
        ConditionExpression: was === undefined ? 'attribute_not_exists(pk)' : `paged = :was AND ${unchanged}`,
        ExpressionAttributeNames: { '#ttl': tableKeys.ttl },
        ExpressionAttributeValues: {
          ':at': next.at,
          ':expires': ttlOf(Date.now() + keepSlotMs),
          ...(next.criticalAt === undefined ? {} : { ':criticalAt': next.criticalAt }),
          ...(was === undefined ? {} : { ':was': was.at }),
          ...(was?.criticalAt === undefined ? {} : { ':wasCritical': was.criticalAt }),
        },
      });
    },
    async pendingPages(now) {
      const found = await Promise.all(
        pagePriorities.map((priority) => dueKeys(table, dueList(priority), Number.MAX_SAFE_INTEGER, maxCounted)),
      );
      const pages = await openItems(found.flatMap((one) => one.sort(earliest).slice(0, maxCounted)));
      const waiting = pages.filter((item) => (item['dueAt'] as number) <= now).length;
      const oldestAt = Math.min(...(await allIn(pages)).map(({ effect }) => effect.createdAt));
      return { waiting, held: pages.length - waiting, ...(Number.isFinite(oldestAt) ? { oldestAt } : {}) };
    },
    async nextDueAt() {
      const lists = ['incident', ...priorities.map(dueList)];
      const times = await Promise.all(lists.map((list) => firstDue(table, list)));
      const known = times.filter((time) => time !== undefined);
      return known.length === 0 ? undefined : Math.min(...known);
    },
  };
}

function slotOf({ paged, criticalAt }: Item): PageSlot | undefined {
  if (typeof paged !== 'number') return undefined;
  if (criticalAt === undefined) return { at: paged };
  return typeof criticalAt === 'number' ? { at: paged, criticalAt } : undefined;
}

/** Effects due at the same time go oldest first; those of one decision in its order. */
function inOrder(a: Effect, b: Effect): number {
  if (a.createdAt !== b.createdAt) return a.createdAt - b.createdAt;
  const [idA, versionA, nA] = partsOf(a.id);
  const [idB, versionB, nB] = partsOf(b.id);
  return idA === idB ? versionA - versionB || nA - nB : idA < idB ? -1 : 1;
}

/** `incident#version#n` */
function partsOf(id: string): [incident: string, version: number, n: number] {
  const match = /^(.*)#(\d+)#(\d+)$/s.exec(id);
  return match === null ? [id, 0, 0] : [match[1] ?? '', Number(match[2]), Number(match[3])];
}
