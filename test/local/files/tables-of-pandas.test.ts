import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PredictionsSourceConfig } from '../../../core/telemetry/sources/kinds/predictions.ts';
import { readRecords } from '../../../local/read-records.ts';
import { readTraining } from '../../../local/read-training.ts';
import { configOf } from '../../app/runtime.ts';

const folder = join(import.meta.dirname, '../../fixtures/tables');
const at = (minute: number): number => Date.UTC(2026, 0, 5, 9, minute);
const source = configOf({
  sources: {
    shop: {
      kind: 'predictions',
      model: 'prices',
      schema: {
        is_weekend: { type: 'boolean' },
        country: { type: 'category', values: ['DE', 'NA'] },
        branch: { type: 'category' },
        zip: { type: 'category' },
        app: { type: 'category' },
        customer: { type: 'category' },
      },
      profiles: ['age', 'income', 'is_weekend', 'member', 'country', 'branch', 'zip', 'app', 'customer', 'nothing'],
    },
  },
}).sources['shop'] as PredictionsSourceConfig;

const codecs = ['snappy', 'gzip', 'brotli', 'zstd', 'lz4', 'plain'];
const parquet = codecs.map((codec) => `typed.${codec}.parquet`);

async function recordsOf(file: string) {
  const { records, rejected } = await readRecords(join(folder, file), source);
  expect(rejected).toEqual([]);
  return records.flatMap((one) => (one.kind === 'prediction' ? [one.record] : []));
}

describe('a table of pandas', () => {
  it.each(['typed.csv', ...parquet])('is read as it was meant, from %s', async (file) => {
    const records = await recordsOf(file);
    expect(records).toHaveLength(8);
    expect(records[1]).toMatchObject({
      id: '7300000000000000001',
      timestamp: at(1),
      version: '1.10',
      prediction: 1,
      label: 1,
      score: 1,
      features: {
        ...{ age: 2, income: 1.5, is_weekend: false, member: null, country: 'NA', branch: '1', zip: '10115', app: '2.50' },
        ...{ customer: '9223372036854775810', nothing: null },
      },
    });
    expect(records[2]?.label).toBeUndefined();
    expect(records[3]).toMatchObject({ score: undefined, features: { income: null } });
    expect(records[0]).toMatchObject({ features: { income: 0.1, is_weekend: true, zip: '01067', app: '1.10' } });
  });

  it.each(parquet)('gives the same records from %s as from CSV', async (file) => {
    expect(await recordsOf(file)).toEqual(await recordsOf('typed.csv'));
  });

  it.each(['typed.csv', 'typed.snappy.parquet'])('gives the profile of what was meant, from %s', async (file) => {
    const { rows, features, metrics, rejected } = await readTraining(join(folder, file), source, {});
    expect([rows, rejected]).toEqual([8, []]);
    expect(features['is_weekend']?.categories?.names).toEqual([
      ['false', 4],
      ['true', 4],
    ]);
    expect(features['country']).toMatchObject({ nulls: 0, categories: { names: [['DE', 4], ['NA', 4]] } }); // biome-ignore format: a table
    expect(features['country']?.unseen).toBeUndefined();
    expect(features['zip']?.categories?.names.map(([name]) => name)).toEqual(['01067', '10115']);
    expect(features['customer']?.categories?.names).toHaveLength(8);
    expect(features['income']).toMatchObject({ nulls: 2, numbers: { min: 0.1 } });
    expect(metrics['accuracy']?.count).toBe(7);
  });

  it('is refused by the name of a column that no record can hold', async () => {
    await expect(readRecords(join(folder, 'nested.parquet'), source)).rejects.toThrow(/the column tags holds lists/);
    const named = { ignore: ['tags'] };
    await expect(readTraining(join(folder, 'nested.parquet'), { ...source, profiles: false }, named)).rejects.toThrow(
      /the column place holds structures.*--ignore place/,
    );
    const { rows } = await readTraining(
      join(folder, 'nested.parquet'),
      { ...source, profiles: false },
      { ignore: ['tags', 'place'] },
    );
    expect(rows).toBe(8);
  });
});
