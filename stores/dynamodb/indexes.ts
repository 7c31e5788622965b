import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import type { Item } from './items.ts';
import { inParallel, type Table } from './table.ts';

const range = (length: number): number[] => Array.from({ length }, (_, n) => n);

/**
 * The first `limit` items of each shard due at or before `now`; only keys and `dueAt`. Not sorted
 * across shards.
 */
export async function dueKeys(table: Table, of: string, now: number, limit: number): Promise<Item[]> {
  const { name, partition, sort } = tableKeys.dueIndex;
  const shards = await inParallel(range(tableKeys.dueShards), (shard) =>
    table.query(
      {
        IndexName: name,
        KeyConditionExpression: '#of = :of AND #at <= :now',
        ExpressionAttributeNames: { '#of': partition, '#at': sort },
        ExpressionAttributeValues: { ':of': `${of}#${shard}`, ':now': now },
      },
      limit,
    ),
  );
  return shards.flat();
}

/** The earliest time at which anything of `of` is due. */
export async function firstDue(table: Table, of: string): Promise<number | undefined> {
  const first = await dueKeys(table, of, Number.MAX_SAFE_INTEGER, 1);
  return first.length === 0 ? undefined : Math.min(...first.map((item) => item['dueAt'] as number));
}

/**
 * Items of a list with `listAt` after `after`; the newest `limit` of each shard first. Not sorted
 * across shards.
 */
export async function listed(table: Table, of: string, after: number, limit?: number): Promise<Item[]> {
  const { name, partition, sort } = tableKeys.listIndex;
  const shards = await inParallel(range(tableKeys.listShards), (shard) =>
    table.query(
      {
        IndexName: name,
        KeyConditionExpression: '#of = :of AND #at > :after',
        ExpressionAttributeNames: { '#of': partition, '#at': sort },
        ExpressionAttributeValues: { ':of': `${of}#${shard}`, ':after': after },
        ScanIndexForward: false,
      },
      limit,
    ),
  );
  return shards.flat();
}

/**
 * The newest `limit` items of each shard with `listAt` below `below`. The index has no order within
 * a time, so all items of the oldest time among them are there. Not sorted.
 */
export async function newestBelow(table: Table, of: string, below: number, limit: number): Promise<Item[]> {
  const { sort } = tableKeys.listIndex;
  const shards = await inParallel(range(tableKeys.listShards), async (shard) => {
    const items = await table.query({ ...shardQuery(`${of}#${shard}`, '<', below), ScanIndexForward: false }, limit);
    const oldest = items.at(-1)?.[sort];
    if (items.length < limit || typeof oldest !== 'number') return items;
    const same = await table.query(shardQuery(`${of}#${shard}`, '=', oldest));
    return [...items.filter((item) => item[sort] !== oldest), ...same];
  });
  return shards.flat();
}

/** All items of a list with this `listAt`. */
export async function listedAt(table: Table, of: string, at: number): Promise<Item[]> {
  const shards = await inParallel(range(tableKeys.listShards), (shard) => table.query(shardQuery(`${of}#${shard}`, '=', at)));
  return shards.flat();
}

const shardQuery = (of: string, compare: '<' | '=', at: number) => ({
  IndexName: tableKeys.listIndex.name,
  KeyConditionExpression: `#of = :of AND #at ${compare} :at`,
  ExpressionAttributeNames: { '#of': tableKeys.listIndex.partition, '#at': tableKeys.listIndex.sort },
  ExpressionAttributeValues: { ':of': of, ':at': at },
});

/** Below every possible time. */
export const always = -8.64e15;
/** Above every possible time. */
export const never = 8.64e15 + 1;

export const earliest = (a: Item, b: Item): number =>
  (a['dueAt'] as number) - (b['dueAt'] as number) || (String(a['pk']) < String(b['pk']) ? -1 : 1);
