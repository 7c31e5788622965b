import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { foldPredictionRecords } from '../../../core/telemetry/samples/folding.ts';
import { predictionSeries } from '../../../core/telemetry/samples/prediction-series.ts';
import type { PredictionRecord } from '../../../core/telemetry/samples/records.ts';
import { mergeBuckets } from '../../../core/telemetry/samples/windows.ts';
import type { PredictionsSourceConfig } from '../../../core/telemetry/sources/kinds/predictions.ts';
import { readConfig } from '../../../local/read-config.ts';
import { readRecords } from '../../../local/read-records.ts';

const file = '../shared/data/ml/california_housing.csv.gz';
const reason = existsSync(file) ? '' : ` (skipped: ${file} is not there; it is data for tests that the project does not carry)`;
const day = 86_400_000;

describe.skipIf(reason !== '')(`metrics of the California housing classifier${reason}`, () => {
  const read = async (): Promise<{ source: PredictionsSourceConfig; records: PredictionRecord[] }> => {
    const config = readConfig('docs/examples/california-housing.yaml', 'runbooks');
    if (!config.ok) throw new Error(JSON.stringify(config.errors));
    const source = config.config.sources.housing as PredictionsSourceConfig;
    const { records } = await readRecords(file, source);
    return { source, records: records.flatMap((one) => (one.kind === 'prediction' ? [one.record] : [])) };
  };
  /** The value over all records between two times, by way of buckets. */
  const metricOf = (source: PredictionsSourceConfig, records: PredictionRecord[], metric: string, from: number, to: number) => {
    const entries = records.map((value, index) => ({ index, value: { ...value, id: undefined } }));
    const context = { sourceName: 'housing', source, now: to, maxFuture: 10_000 * day };
    const { deltas } = foldPredictionRecords(entries, context, new Map());
    const buckets = mergeBuckets([deltas.map(({ bucketStart, summary }) => ({ start: bucketStart, summary }))], 'predictions');
    const sorted = buckets.toSorted((a, b) => a.start - b.start);
    const spans = { first: to, to, step: to - from, over: to - from, bucket: source.bucket };
    const query = { metric: metric as 'auc', over: to - from, by: [] };
    return predictionSeries(query, source, {}, sorted, spans, undefined)[0]?.points[0];
  };

  it('are those of the records themselves', async () => {
    const { source, records } = await read();
    const from = Date.UTC(2020, 9, 1);
    const to = Date.UTC(2021, 5, 1);
    const within = records.filter(({ timestamp }) => timestamp >= from && timestamp < to);
    const pairs = within.map(({ score = 0, label }) => ({ score, truth: Number(label) }));
    const positives = pairs.filter(({ truth }) => truth === 1);
    const negatives = pairs.filter(({ truth }) => truth === 0);
    let won = 0;
    for (const p of positives) for (const n of negatives) won += p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0;

    const auc = metricOf(source, within, 'auc', from, to);
    expect(auc?.count).toBe(within.length);
    expect(Math.abs((auc?.value ?? 0) - won / (positives.length * negatives.length))).toBeLessThanOrEqual(auc?.errorBound ?? 0);
    expect(auc?.errorBound).toBeLessThan(0.02);
    const brier = pairs.reduce((sum, { score, truth }) => sum + (score - truth) ** 2, 0) / pairs.length;
    expect(metricOf(source, within, 'brier', from, to)?.value).toBeCloseTo(brier, 10);
  });

  it('are estimated from scores with an error that the reason can state', async () => {
    const { source, records } = await read();
    const [from, to] = [Date.UTC(2020, 9, 1), Date.UTC(2021, 5, 1)];
    const within = records.filter(({ timestamp }) => timestamp >= from && timestamp < to);
    const accuracy = metricOf(source, within, 'accuracy', from, to);
    const estimate = metricOf(source, within, 'estimated_accuracy', from, to);
    const off = Math.abs((estimate?.value ?? 0) - (accuracy?.value ?? 1));
    expect(off).toBeLessThanOrEqual((estimate?.calibrationError ?? 0) + 0.01);
  });
});
