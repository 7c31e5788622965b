import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Waiting } from '../../../core/telemetry/samples/fold.ts';
import { foldLabelRecords, foldPredictionRecords } from '../../../core/telemetry/samples/folding.ts';
import { addedUp } from '../../../core/telemetry/samples/outcome-sums.ts';
import { parsePredictions } from '../../../core/telemetry/samples/records.ts';
import { noStakes, type Stakes } from '../../../core/telemetry/samples/stakes.ts';
import { predictionsKind } from '../../../core/telemetry/sources/kinds/predictions.ts';
import { t0 } from '../../app/runtime.ts';

const declared = (more: object = { value: { unit: 'EUR' } }) =>
  predictionsKind.schema.parse({ kind: 'predictions', model: 'm', segments: { country: ['DE'] }, ...more });
const context = (source = declared()) => ({ sourceName: 'shop', source, now: t0, maxFuture: 60_000 });

/** One value of a story: a prediction or a label of one id, in the order in which they come. */
type Step = { id: string; value?: number | undefined; prediction: number } | { id: string; label: number };

const id = fc.constantFrom('a', 'b', 'c');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    id,
    prediction: fc.integer({ min: 0, max: 1 }),
    value: fc.option(fc.integer({ min: 0, max: 99 }), { nil: undefined }),
  }),
  fc.record({ id, label: fc.integer({ min: 0, max: 1 }) }),
);

/** The sums of a source after a story, which is sent step by step. */
function folded(steps: readonly Step[]): { stakes: Stakes; segment: Stakes } {
  const known = new Map<string, Waiting>();
  const sums = { predictions: noStakes(), 'predictions by country': noStakes() } as Record<string, Stakes>;
  for (const one of steps) {
    const { deltas, waiting } =
      'label' in one
        ? foldLabelRecords([{ index: 0, value: { by: 'id', ...one, timestamp: undefined, model: undefined } }], context(), known)
        : foldPredictionRecords(parsePredictions([{ index: 0, value: { ...one, timestamp: t0 } }]).records, context(), known);
    for (const { value } of waiting) known.set(value.key, value);
    for (const { series, summary } of deltas)
      if (summary.kind === 'predictions' && sums[series.metric] !== undefined)
        sums[series.metric] = addedUp(sums[series.metric], summary.stakes) as Stakes;
  }
  return { stakes: sums['predictions'] as Stakes, segment: sums['predictions by country'] as Stakes };
}

/** The same by looking at the end: each prediction as it came first, with its last label. */
function inTheEnd(steps: readonly Step[]): Stakes {
  const sums = noStakes();
  for (const name of ['a', 'b', 'c']) {
    const own = steps.filter((one) => one.id === name);
    const made = own.find((one) => 'prediction' in one);
    const label = own.filter((one) => 'label' in one).at(-1)?.label;
    if (made?.value === undefined) continue;
    sums.valued += 1;
    sums.sum += made.value;
    if (label === undefined) continue;
    sums.labelled += 1;
    sums.labelledSum += made.value;
    if (label !== made.prediction) sums.wrongSum += made.value;
  }
  return sums;
}

describe('what is at stake', () => {
  it('is summed once for each prediction, with the label that counts in the end, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const { stakes, segment } = folded(steps);
        expect(stakes).toEqual(inTheEnd(steps));
        expect(segment).toEqual(stakes);
      }),
    );
  });

  it('is ignored where the source declares no unit, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const { records } = parsePredictions([{ index: 0, value: { timestamp: t0, prediction: 1, value } }]);
        const { deltas, results } = foldPredictionRecords(records, context(declared({})), new Map());
        expect(results).toEqual([{ index: 0, became: 'accepted' }]);
        expect(deltas[0]?.summary).not.toHaveProperty('stakes');
      }),
    );
  });

  test.each([-1, Number.NaN, 1e16, '12', true, {}])('refuses the record alone whose value is %j', (value) => {
    const { records } = parsePredictions(
      [value, 5].map((one, index) => ({ index, value: { timestamp: t0, prediction: 1, value: one } })),
    );
    const { results, deltas } = foldPredictionRecords(records, context(), new Map());
    expect(results).toEqual([
      {
        index: 0,
        became: 'rejected',
        reason: expect.stringContaining('value: expected what is at stake in the prediction, in EUR'),
      },
      { index: 1, became: 'accepted' },
    ]);
    expect(deltas[0]?.summary).toMatchObject({ stakes: { valued: 1, sum: 5 } });
  });

  it('counts with a label that carries its own prediction', () => {
    const record = { by: 'prediction' as const, timestamp: t0, prediction: 1, label: 0, value: 7 };
    const more = { model: undefined, version: undefined, score: undefined, features: undefined };
    const { deltas } = foldLabelRecords([{ index: 0, value: { ...record, ...more } }], context(), new Map());
    expect(deltas[0]?.summary).toMatchObject({ stakes: { valued: 0, sum: 0, labelled: 1, labelledSum: 7, wrongSum: 7 } });
  });
});
