import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ingestLabels, ingestPredictions } from '../../app/ingest/ingest.ts';
import { ingestTraining } from '../../app/ingest/train.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { readRecords } from '../../local/read-records.ts';
import { minute, type Runtime, runtimeOf, t0 } from './runtime.ts';

const file = join(import.meta.dirname, '../../../shared/cases/ids-64-bit.ndjson');
const source = {
  kind: 'predictions',
  model: 'm',
  bucket: '1h',
  schema: { customer: { type: 'category' } },
  profiles: true,
} as const;
const runtime = () => runtimeOf({ sources: { m: source } });
const lines = { contentType: 'application/x-ndjson' };
const json = { contentType: 'application/json' };

const seriesOf = async ({ ports }: Runtime) => ports.store.series('m', 'predictions');
async function bucketsOf({ ports }: Runtime, metric: string) {
  const refs = await ports.store.series('m', metric);
  const buckets = await ports.store.buckets(refs.map((series) => ({ series, from: 0, to: t0 + 60 * minute })));
  return buckets.flat().map(({ summary }) => summary);
}

const record = (n: bigint, more = '') =>
  `{"id": ${n}, "timestamp": "2026-01-05T09:00:00Z", "version": 1.10, "prediction": 1, "features": {"customer": ${n}}${more}}`;
const first = 7_300_000_000_000_000_000n;
const ids = Array.from({ length: 1000 }, (_, i) => first + BigInt(i));

describe.skipIf(!existsSync(file))('the predictions of the case (skipped where ../shared/cases is not there)', () => {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  it.each([
    ['lines', { ...lines, text }],
    ['a list', { ...json, text: `[${text.replaceAll('\n', ',')}]` }],
    ['records', { ...json, text: `{"records": [${text.replaceAll('\n', ',')}]}` }],
  ])('are twenty of version 1.10, sent as %s', async (_, body) => {
    const run = runtime();
    expect(await ingestPredictions(run.ports, undefined, body, t0 + minute)).toMatchObject({ accepted: 20, duplicates: 0 });
    expect((await seriesOf(run)).map(({ labels }) => labels['version'])).toEqual(['1.10']);
  });

  it('are twenty of version 1.10 in a file', async () => {
    const { records } = await readRecords(file, runtime().ports.config.sources['m'] as PredictionsSourceConfig);
    const all = records.flatMap((one) => (one.kind === 'prediction' ? [one.record] : []));
    expect(new Set(all.map(({ id }) => id)).size).toBe(20);
    expect(new Set(all.map(({ version }) => version))).toEqual(new Set(['1.10']));
  });
});

describe('numbers that are names', () => {
  it('are as many as they were sent: ids, and categories', async () => {
    const run = runtime();
    const body = { ...json, text: `[${ids.map((id) => record(id)).join(',')}]` };
    expect(await ingestPredictions(run.ports, 'm', body, t0 + minute)).toMatchObject({ accepted: 1000, duplicates: 0 });
    const [summary] = await bucketsOf(run, 'profile');
    const customer = summary?.kind === 'profile' ? summary.features['customer'] : undefined;
    expect(customer?.numbers).toBeUndefined();
    expect(customer?.count).toBe(1000);
    expect(customer?.distinct).toHaveLength(64);
  });

  it('meet their labels, however long they are', async () => {
    const run = runtime();
    const some = ids.slice(0, 20);
    await ingestPredictions(run.ports, 'm', { ...lines, text: some.map((id) => record(id)).join('\n') }, t0 + minute);
    const labels = some.map((id, i) => `{"id": ${i % 2 === 0 ? id : `"${id}"`}, "label": ${i < 5 ? 0 : 1}}`);
    const result = await ingestLabels(run.ports, 'm', { ...json, text: `[${labels.join(',')}]` }, t0 + minute);
    expect(result).toMatchObject({ accepted: 20, duplicates: 0 });
    expect(await bucketsOf(run, 'predictions')).toMatchObject([{ count: 20, labelled: 20, correct: 15 }]);
  });

  it('are classes that differ in their last digit', async () => {
    const run = runtime();
    const text = `[{"timestamp": ${t0}, "prediction": ${first}, "label": ${first + 1n}}, {"timestamp": ${t0}, "prediction": ${first}, "label": "${first}"}]`;
    await ingestPredictions(run.ports, 'm', { ...json, text }, t0 + minute);
    expect(await bucketsOf(run, 'predictions')).toMatchObject([{ labelled: 2, correct: 1 }]);
  });

  it('are the version and the dataset of a training, and the categories of its rows', async () => {
    const run = runtime();
    const rows = [first, first + 1n].map((id) => `{"features": {"customer": ${id}, "age": 4.0}, "prediction": 1, "label": 1}`);
    const text = `{"version": 1.10, "dataset": 20260101000000000001, "rows": [${rows.join(',')}]}`;
    const trained = await ingestTraining(run.ports, 'm', { ...json, text }, {}, 'key:ml', t0);
    expect(trained).toMatchObject({ version: '1.10', dataset: '20260101000000000001', rows: 2 });
    expect(await run.ports.store.training('m', '1.10')).toMatchObject({ features: { customer: { kind: 'categories' } } });
    const asLines = await ingestTraining(
      run.ports,
      'm',
      { ...lines, text: rows.join('\n') },
      { version: '1.1', dataset: 'd' },
      'k',
      t0,
    );
    expect(asLines).toMatchObject({ version: '1.1', rows: 2 });
  });
});
