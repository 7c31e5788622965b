import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxFoldActions } from '../../../app/ports/series-store.ts';
import {
  chunksOf,
  maxTouchedByOne,
  mostTouched,
  touchedByLabel,
  touchedByPrediction,
} from '../../../core/telemetry/samples/chunks.ts';
import type { FoldBatch, Waiting } from '../../../core/telemetry/samples/fold.ts';
import { foldLabelRecords, foldPredictionRecords } from '../../../core/telemetry/samples/folding.ts';
import { labelMetrics, labelSeries } from '../../../core/telemetry/samples/label-arrivals.ts';
import type { LabelRecord, PredictionRecord } from '../../../core/telemetry/samples/records.ts';
import { mergeSummary, type Summary } from '../../../core/telemetry/samples/summary.ts';
import type { PredictionsSourceConfig } from '../../../core/telemetry/sources/kinds/predictions.ts';
import { configOf, hour, t0 } from '../../app/runtime.ts';

const config = configOf({
  sources: {
    shop: {
      kind: 'predictions',
      model: 'm',
      features: ['price'],
      profiles: true,
      segments: { country: ['DE', 'FR'], vip: ['true'] },
    },
  },
  rules: {
    // A rule by two segments, whichever comes first, is why records are counted by both together.
    pair: {
      source: 'shop',
      query: { predictions: { metric: 'accuracy', over: '1h', by: ['vip', 'version', 'country'] } },
      step: '1h',
      category: 'performance',
      threshold: { below: { warn: 0.8 } },
      runbook: 'r',
    },
  },
});
const source = config.sources['shop'] as PredictionsSourceConfig;
const splits = ['country', 'vip', 'country and vip'];
const profiles = { bucket: source.profileBucket, parts: 1 };

const features = fc.option(
  fc.record(
    { country: fc.constantFrom('DE', 'FR', 'US', '', 'other', null), vip: fc.boolean(), price: fc.integer({ min: -9, max: 9 }) },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);
const version = fc.constantFrom(undefined, 'v1', 'v2');
const at = fc.integer({ min: 0, max: 50 }).map((n) => t0 - n * hour);
const id = fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined });
const score = fc.constantFrom(undefined, 0.25, 0.5, 0.75);
const outcome = fc.constantFrom(0, 1);
const prediction: fc.Arbitrary<PredictionRecord> = fc.record({
  id,
  timestamp: at,
  model: fc.constant(undefined),
  version,
  features,
  prediction: outcome,
  score,
  label: fc.option(outcome, { nil: undefined }),
});
const label: fc.Arbitrary<LabelRecord> = fc.oneof(
  fc.record({
    by: fc.constant('id' as const),
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    label: outcome,
    timestamp: fc.constant(undefined),
    model: fc.constant(undefined),
  }),
  fc.record({
    by: fc.constant('prediction' as const),
    model: fc.constant(undefined),
    version,
    timestamp: at,
    prediction: outcome,
    score,
    label: outcome,
    features,
  }),
);
type Step = { prediction: PredictionRecord } | { label: LabelRecord };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    prediction.map((one) => ({ prediction: one })),
    label.map((one) => ({ label: one })),
  ),
  { maxLength: 40 },
);

/** Folds one record after the other, as batches of one that remember what waits. */
function deltasOf(all: readonly Step[]): FoldBatch['deltas'] {
  const context = { sourceName: 'shop', source, now: t0 + hour, maxFuture: hour };
  const known = new Map<string, Waiting>();
  return all.flatMap((step) => {
    const folded =
      'prediction' in step
        ? foldPredictionRecords([{ index: 0, value: step.prediction }], context, known)
        : foldLabelRecords([{ index: 0, value: step.label }], context, known);
    for (const { value } of folded.waiting) known.set(value.key, value);
    return folded.deltas;
  });
}

/** The summary of each metric, version and bucket, with the values of the segment merged. */
function mergedBy(deltas: FoldBatch['deltas'], segment: string | undefined): Map<string, Summary> {
  const found = new Map<string, Summary>();
  for (const { series, bucketStart, summary } of deltas) {
    // Labels are also counted by the time at which they came, in the whole alone.
    if (Object.values<string>(labelMetrics).includes(series.metric)) continue;
    const [kind, by] = series.metric.split(' by ');
    if (by !== segment) continue;
    const key = `${kind} ${series.labels['version']} ${series.labels['part']} ${bucketStart}`;
    const known = found.get(key);
    found.set(key, known === undefined ? summary : mergeSummary(known, summary));
  }
  return found;
}

describe('segments of predictions', () => {
  it('merge to the whole, whatever came in whatever order', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const deltas = deltasOf(all);
        for (const segment of splits) expect(mergedBy(deltas, segment)).toEqual(mergedBy(deltas, undefined));
      }),
      { numRuns: 200 },
    );
  });

  it('by two at a time merge to either of them', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const deltas = deltasOf(all);
        for (const country of ['DE', 'FR', 'other']) {
          const of = (by: string) =>
            mergedBy(
              deltas.filter(({ series }) => series.metric.endsWith(` by ${by}`) && series.labels['country'] === country),
              by,
            );
          expect(of('country and vip')).toEqual(of('country'));
        }
      }),
    );
  });

  it('depend on the records alone, so any order gives the same values', () => {
    const alone = steps.map((all) => all.filter((step) => 'prediction' in step && step.prediction.id === undefined));
    fc.assert(
      fc.property(alone, (all) => {
        const keysOf = (list: readonly Step[]) => [...new Set(deltasOf(list).map(({ series }) => series.key))].sort();
        expect(keysOf([...all].reverse())).toEqual(keysOf(all));
      }),
    );
  });

  it('stay within one atomic write in every chunk', () => {
    expect(maxTouchedByOne + labelSeries).toBeLessThan(maxFoldActions);
    const budget = mostTouched(3, 1);
    fc.assert(
      fc.property(steps, (all) => {
        const context = { sourceName: 'shop', source, now: t0 + hour, maxFuture: hour };
        const known = new Map<string, Waiting>();
        const predictions = all.flatMap((step, index) => ('prediction' in step ? [{ index, value: step.prediction }] : []));
        const labels = all.flatMap((step, index) => ('label' in step ? [{ index, value: step.label }] : []));
        const folded = [
          ...chunksOf(predictions, budget, touchedByPrediction(source.bucket, profiles, source)).map(
            (chunk) => () => foldPredictionRecords(chunk, context, known),
          ),
          ...chunksOf(labels, budget, touchedByLabel(source.bucket, source)).map(
            (chunk) => () => foldLabelRecords(chunk, context, known),
          ),
        ];
        for (const fold of folded) {
          const { deltas, waiting } = fold();
          expect(deltas.length + waiting.length).toBeLessThanOrEqual(budget + labelSeries);
          for (const { value } of waiting) known.set(value.key, value);
        }
      }),
    );
  });
});
