import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../app/evaluate/evaluate.ts';
import { foldPredictions, ingestPredictions } from '../../../app/ingest/ingest.ts';
import { storeTraining } from '../../../app/ingest/train.ts';
import { loadConfig } from '../../../core/config/load.ts';
import type { PredictionsSourceConfig } from '../../../core/telemetry/sources/kinds/predictions.ts';
import { readTraining } from '../../../local/read-training.ts';
import { predictionAt, runtimeOf } from '../../app/runtime.ts';

const folder = join(import.meta.dirname, '../../../../shared/cases/csv-types');
const isHere = existsSync(folder);
const start = Date.UTC(2026, 0, 5, 9);
const minute = 60_000;

const configOfCase = () => {
  const loaded = loadConfig(
    [{ path: 'config.yaml', text: readFileSync(join(folder, 'config.yaml'), 'utf8') }],
    new Set(['r', 'source-failing']),
  );
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'));
  return loaded.config;
};
const training = (file: string) =>
  readTraining(join(folder, file), configOfCase().sources['orders'] as PredictionsSourceConfig, {});

/** The rows of the case as live predictions of the minutes before `start + 10 min`. */
const live = (): string[] =>
  readFileSync(join(folder, 'validation.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line, i) => JSON.stringify({ ...JSON.parse(line), timestamp: start + (i % 10) * minute, version: '7' }));

describe.skipIf(!isHere)('the same rows as CSV and as JSON (skipped where ../shared/cases is not there)', () => {
  it('have one profile and one result', async () => {
    const [csv, json] = await Promise.all([training('validation.csv'), training('validation.ndjson')]);
    expect(csv.rows).toBe(400);
    expect(csv).toEqual(json);
    expect(csv.metrics['accuracy']?.count).toBe(400);
    expect(Object.keys(csv.features).sort()).toEqual(['country', 'is_weekend', 'zip']);
    for (const { mistyped, unseen, nulls } of Object.values(csv.features))
      expect([mistyped, unseen, nulls]).toEqual([undefined, undefined, 0]);
  });

  it('do not drift, whichever of them is the training', async () => {
    for (const file of ['validation.csv', 'validation.ndjson']) {
      const { ports, entries } = runtimeOf({}, { config: configOfCase() });
      const trained = { ...(await training(file)), modelVersion: '7', dataset: 'd', trainedAt: start - minute };
      await storeTraining(ports, 'orders', trained, 'key:ml', start);
      const body = { contentType: 'application/x-ndjson', text: live().join('\n') };
      expect(await ingestPredictions(ports, 'orders', body, start + 10 * minute)).toMatchObject({ accepted: 400 });
      const told: string[] = [];
      for (let at = start + 10 * minute; at <= start + 12 * minute; at += minute)
        await evaluate({ ...ports, observeVerdict: ({ verdict }) => void told.push(verdict.status) }, at);
      expect(new Set(told), file).toEqual(new Set(['ok']));
      expect(entries.map(({ kind }) => kind)).not.toContain('alert fired');
    }
  });

  it('drift when they really do', async () => {
    const { ports } = runtimeOf({}, { config: configOfCase() });
    const trained = { ...(await training('validation.csv')), modelVersion: '7', dataset: 'd', trainedAt: start - minute };
    await storeTraining(ports, 'orders', trained, 'key:ml', start);
    const features = { is_weekend: true, country: 'DE', zip: '99999' };
    const records = Array.from({ length: 400 }, (_, i) => predictionAt(start + (i % 10) * minute, { version: '7', features }));
    await foldPredictions(ports, 'orders', records, 'all', start + 10 * minute);
    const told: string[] = [];
    await evaluate({ ...ports, observeVerdict: ({ verdict }) => void told.push(verdict.status) }, start + 10 * minute);
    expect(told).toContain('critical');
  });
});
