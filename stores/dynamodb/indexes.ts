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

/** Below every possible time. */
export const always = -8.64e15;

export const earliest = (a: Item, b: Item): number =>
  (a['dueAt'] as number) - (b['dueAt'] as number) || (String(a['pk']) < String(b['pk']) ? -1 : 1);
