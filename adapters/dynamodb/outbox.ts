import type { Store } from '../../app/ports.ts';
import { tableKeys } from '../../core/config/table.ts';
import { type Effect, mediumOf, type StoredEffect } from '../../core/deliveries/effect.ts';
import { earliest } from './decisions.ts';
import { dueKeys, firstDue } from './indexes.ts';
import { fromDoc, type Item, type Key, keys, ttlOf } from './items.ts';
import type { Table } from './table.ts';

/** A page slot says nothing any more after a day: storm limits are minutes. */
const keepSlotMs = 86_400_000;

function storedEffect(item: Item): StoredEffect {
  return {
    effect: fromDoc<Effect>(item),
    attempts: item['attempts'] as number,
    notBefore: item['notBefore'] as number,
    ...(item['firstTriedAt'] === undefined ? {} : { firstTriedAt: item['firstTriedAt'] as number }),
    ...(item['lastError'] === undefined ? {} : { lastError: item['lastError'] as string }),
    done: item['done'] as boolean,
  };
}

/** Effects on their way out, and what keeps pages to one target apart. `dueAt` is the end of a lease while one is held. */
export function outbox(
  table: Table,
): Pick<Store, 'dueEffects' | 'effect' | 'leaseEffect' | 'postponeEffect' | 'lastPaged' | 'claimPageSlot' | 'nextDueAt'> {
  const get = async (id: string): Promise<Item | undefined> => {
    const item = await table.get(keys.effect(id));
    // Concluding an effect that is gone leaves an item without it.
    return item?.['doc'] === undefined ? undefined : item;
  };
  const dueNow = async (now: number, limit: number): Promise<{ keysSeen: number; open: StoredEffect[] }> => {
    const due = (await dueKeys(table, tableKeys.effectType, now, limit)).sort(earliest).slice(0, limit);
    const items = await table.getAll(due.map(({ pk, sk }) => ({ pk, sk }) as Key));
    // The index lags: the items themselves say what is still due.
    const open = items.filter(
      (item) => item !== undefined && item['done'] === false && (item['dueAt'] as number) <= now,
    ) as Item[];
    const inTheirOrder = open
      .map((item) => ({ dueAt: item['dueAt'] as number, stored: storedEffect(item) }))
      .sort((a, b) => a.dueAt - b.dueAt || inOrder(a.stored.effect, b.stored.effect))
      .map(({ stored }) => stored);
    return { keysSeen: due.length, open: inTheirOrder };
  };
  return {
    async dueEffects(now, limit, medium) {
      // The index does not know the medium, so it is looked further until there are enough of it, or no more at all.
      for (let look = limit; ; look *= 4) {
        const { keysSeen, open } = await dueNow(now, look);
        const wanted = medium === undefined ? open : open.filter(({ effect }) => mediumOf(effect) === medium);
        if (medium === undefined || wanted.length >= limit || keysSeen < look) return wanted.slice(0, limit);
      }
    },
    async effect(id) {
      const item = await get(id);
      return item === undefined ? undefined : storedEffect(item);
    },
    leaseEffect: (id, now, until) =>
      table.update(keys.effect(id), {
        UpdateExpression: 'SET dueAt = :until, firstTriedAt = if_not_exists(firstTriedAt, :now) ADD attempts :one',
        ConditionExpression: 'done = :false AND dueAt <= :now',
        ExpressionAttributeValues: { ':until': until, ':now': now, ':one': 1, ':false': false },
      }),
    async postponeEffect(id, notBefore, { error, uncount }) {
      for (;;) {
        const item = await get(id);
        if (item === undefined || item['done'] === true) return;
        const before = item['attempts'] as number;
        const attempts = uncount === true ? Math.max(before - 1, 0) : before;
        // What was never tried has no time of its first try, or the wait for a storm limit would count as failing.
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
    lastPaged: async (key) => (await table.get(keys.pageSlot(key)))?.['paged'] as number | undefined,
    claimPageSlot: (key, was, at) =>
      table.update(keys.pageSlot(key), {
        UpdateExpression: 'SET paged = :at, #ttl = :expires',
        ConditionExpression: was === undefined ? 'attribute_not_exists(pk)' : 'paged = :was',
        ExpressionAttributeNames: { '#ttl': tableKeys.ttl },
        ExpressionAttributeValues: {
          ':at': at,
          ':expires': ttlOf(Date.now() + keepSlotMs),
          ...(was === undefined ? {} : { ':was': was }),
        },
      }),
    async nextDueAt() {
      const times = await Promise.all([firstDue(table, 'incident'), firstDue(table, tableKeys.effectType)]);
      const known = times.filter((time) => time !== undefined);
      return known.length === 0 ? undefined : Math.min(...known);
    },
  };
}

/** Effects that became due at once go out oldest first, and those of one decision in the order in which it made them. */
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
