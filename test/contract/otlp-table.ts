import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { KeptBucket, OtlpTable } from '../../app/ports/telemetry.ts';

const minute = 60_000;
const at = Date.UTC(2026, 10, 29, 4, 0);
const keepUntil = at + 86_400_000;

async function all(pages: AsyncIterable<readonly KeptBucket[]>): Promise<KeptBucket[]> {
  const found: KeptBucket[] = [];
  for await (const page of pages) found.push(...page);
  return found.toSorted((a, b) => a.start - b.start || (a.body < b.body ? -1 : 1));
}

/** What every place for OTLP metrics does. `open` gives an empty one. */
export function otlpTableContract(open: () => Promise<OtlpTable>): void {
  const key = { source: 'apps', metric: 'predictions', of: 'process-1' };
  const bucket = (start: number, body: string) => ({ start, body, keepUntil });

  it('says since when a source is known: what the first was told', async () => {
    const table = await open();
    expect(await table.since('apps', at)).toBe(at);
    expect(await table.since('apps', at + 5000)).toBe(at);
    expect(await table.since('others', at + 5000)).toBe(at + 5000);
  });

  it('gives streams as they were written last, and only to their key', async () => {
    const table = await open();
    expect(await table.streams(key)).toBeUndefined();
    expect(await table.write(key, { version: 0, body: 'one', keepUntil, buckets: [] })).toBe('written');
    expect(await table.streams(key)).toEqual({ version: 1, body: 'one' });
    expect(await table.write(key, { version: 1, body: 'two ä 🙂', keepUntil, buckets: [] })).toBe('written');
    expect(await table.streams(key)).toEqual({ version: 2, body: 'two ä 🙂' });
    for (const other of [{ source: 'b' }, { metric: 'b' }, { of: 'b' }])
      expect(await table.streams({ ...key, ...other })).toBeUndefined();
  });

  it('writes nothing, neither streams nor buckets, if they were written since they were read', async () => {
    const table = await open();
    await table.write(key, { version: 0, body: 'one', keepUntil, buckets: [bucket(at, 'a')] });
    for (const version of [0, 2])
      expect(await table.write(key, { version, body: 'other', keepUntil, buckets: [bucket(at, 'b')] })).toBe('conflict');
    expect(await table.streams(key)).toEqual({ version: 1, body: 'one' });
    expect(await table.added(key, [at, at + minute])).toEqual([{ start: at, body: 'a' }]);
  });

  it('of two who write at the same time one is told', async () => {
    const table = await open();
    const both = ['a', 'b'].map((body) => table.write(key, { version: 0, body, keepUntil, buckets: [bucket(at, body)] }));
    const outcomes = await Promise.all(both);
    expect(outcomes.toSorted()).toEqual(['conflict', 'written']);
    const won = outcomes.indexOf('written') === 0 ? 'a' : 'b';
    expect(await table.streams(key)).toEqual({ version: 1, body: won });
    expect(await table.added(key, [at])).toEqual([{ start: at, body: won }]);
  });

  it('gives the buckets of a metric by all who send it, from the first on and before the last', async () => {
    const table = await open();
    for (const of of ['process-1', 'process-2'])
      await table.write(
        { ...key, of },
        { version: 0, body: of, keepUntil, buckets: [0, 1, 2].map((n) => bucket(at + n * minute, `${of} ${n}`)) },
      );
    await table.write({ ...key, metric: 'others' }, { version: 0, body: 'x', keepUntil, buckets: [bucket(at, 'x')] });
    expect(await all(table.buckets(key, at, at + 2 * minute))).toEqual([
      { start: at, body: 'process-1 0' },
      { start: at, body: 'process-2 0' },
      { start: at + minute, body: 'process-1 1' },
      { start: at + minute, body: 'process-2 1' },
    ]);
    expect(await all(table.buckets(key, at + 3 * minute, at + 9 * minute))).toEqual([]);
  });

  it('gives all of many', async () => {
    const table = await open();
    for (let process = 0; process < 15; process += 1) {
      const buckets = Array.from({ length: 80 }, (_, n) => bucket(at + n * minute, `${process} ${n}`));
      await table.write({ ...key, of: `process-${process}` }, { version: 0, body: 'x', keepUntil, buckets });
    }
    expect(await all(table.buckets(key, at, at + 80 * minute))).toHaveLength(15 * 80);
  });

  it.each(['with#hash', 'with\nline', 'with\0nul', '🙂'.repeat(60), 'x'.repeat(255), '__proto__'])(
    'keeps a metric named %j',
    async (metric) => {
      const table = await open();
      const own = { ...key, metric };
      await table.write(own, { version: 0, body: 'one', keepUntil, buckets: [bucket(at, 'a')] });
      expect(await table.streams(own)).toEqual({ version: 1, body: 'one' });
      expect(await all(table.buckets(own, at, at + 1))).toEqual([{ start: at, body: 'a' }]);
    },
  );

  it('says so if it is too much, and writes nothing', async () => {
    const table = await open();
    const body = randomBytes(6_000_000).toString('hex');
    expect(await table.write(key, { version: 0, body, keepUntil, buckets: [bucket(at, 'a')] })).toBe('too large');
    expect(await table.streams(key)).toBeUndefined();
    expect(await all(table.buckets(key, at, at + 1))).toEqual([]);
  });
}
