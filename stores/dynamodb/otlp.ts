/**
 * OTLP metrics in the table, beside the records of the store. An item holds the streams of a metric
 * of one process; another what they added to a bucket. Both are written in one transaction on the
 * condition that the streams are as they were read, so that nobody contends but requests of the
 * same process. Bodies are compressed: a write is paid by the kilobyte.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type KeptBucket, mostBucketsAtOnce, type OtlpTable, type StreamsKey } from '../../app/ports/telemetry.ts';
import { tableKeys } from '../../core/vocabulary/table-keys.ts';
import { type Item, type Key, keyText, maxDocBytes, timeKey, ttlOf } from './items.ts';
import { type Action, tableOf } from './table.ts';

/** Below the 4 MB of a transaction. */
const mostBytes = 3_500_000;
const pageItems = 500;

const sourceKey = (source: string): Key => ({ pk: `otlp#since#${keyText(source)}`, sk: 'since' });
const streamsKey = ({ source, metric, of }: StreamsKey): Key => ({
  pk: `otlp#streams#${keyText(JSON.stringify([source, metric, of]))}`,
  sk: 'streams',
});
const bucketsPk = ({ source, metric }: { source: string; metric: string }): string =>
  `otlp#buckets#${keyText(JSON.stringify([source, metric]))}`;
const bucketKey = (key: StreamsKey, start: number): Key => ({
  pk: bucketsPk(key),
  sk: `${timeKey(start)}#${keyText(key.of)}`,
});

export function otlpTable({ client, table: name }: { client: DynamoDBClient; table: string }): OtlpTable {
  const table = tableOf(client, name);
  return {
    async since(source, now) {
      const key = sourceKey(source);
      await table.update(key, {
        UpdateExpression: 'SET firstAt = if_not_exists(firstAt, :now), #type = :type',
        ExpressionAttributeNames: { '#type': tableKeys.type },
        ExpressionAttributeValues: { ':now': now, ':type': 'otlp source' },
      });
      return Number((await table.get(key))?.['firstAt'] ?? now);
    },
    async streams(key) {
      const item = await table.get(streamsKey(key));
      // A body that cannot be unpacked reads as none; its version still guards what is written.
      return item === undefined ? undefined : { version: Number(item['version']), body: bodyOf(item) ?? '' };
    },
    async added(key, starts) {
      const items = await table.getAll(starts.map((start) => bucketKey(key, start)));
      return items.flatMap((item) => bucketOf(item));
    },
    async write(key, { version, body, keepUntil, buckets }) {
      const own = packed(body);
      const added = buckets.map((bucket) => ({ ...bucket, packed: packed(bucket.body) }));
      const sizes = [own, ...added.map((one) => one.packed)].map((bytes) => bytes.length);
      const isTooLarge = sizes.some((size) => size > maxDocBytes) || sizes.reduce((sum, size) => sum + size) > mostBytes;
      if (isTooLarge || buckets.length > mostBucketsAtOnce) return 'too large';
      const streams: Item = {
        ...streamsKey(key),
        [tableKeys.type]: 'otlp streams',
        [tableKeys.ttl]: ttlOf(keepUntil),
        ...{ version: version + 1, body: own },
      };
      const condition =
        version === 0
          ? { condition: 'attribute_not_exists(pk)' }
          : { condition: '#version = :was', names: { '#version': 'version' }, values: { ':was': version } };
      const items = added.map(
        ({ start, packed: bytes, keepUntil: until }): Action => ({
          put: {
            ...bucketKey(key, start),
            [tableKeys.type]: 'otlp bucket',
            [tableKeys.ttl]: ttlOf(until),
            ...{ start, body: bytes },
          },
        }),
      );
      const { stands } = await table.transact([{ put: streams, ...condition }, ...items]);
      return stands ? 'written' : 'conflict';
    },
    async *buckets(of, from, to) {
      let next = timeKey(from);
      const pk = bucketsPk(of);
      for (;;) {
        const items = await table.query(
          {
            KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
            ExpressionAttributeValues: { ':pk': pk, ':from': next, ':to': timeKey(to) },
          },
          pageItems,
        );
        yield items.flatMap((item) => bucketOf(item));
        const last = items.at(-1);
        if (items.length < pageItems || last === undefined) return;
        next = `${String(last['sk'])}\0`;
      }
    },
  };
}

function bucketOf(item: Item | undefined): KeptBucket[] {
  if (item === undefined) return [];
  return [{ start: Number(item['start']), body: bodyOf(item) ?? '' }];
}

const packed = (body: string): Uint8Array => gzipSync(body);

function bodyOf({ body }: Item): string | undefined {
  if (!(body instanceof Uint8Array)) return undefined;
  try {
    return gunzipSync(body).toString('utf8');
  } catch {
    return undefined;
  }
}
