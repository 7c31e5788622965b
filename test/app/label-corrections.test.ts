import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ingestLabels, ingestPredictions } from '../../app/ingest/ingest.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { labelMetrics } from '../../core/telemetry/samples/label-arrivals.ts';
import { leafOf } from '../../core/telemetry/samples/score-tree.ts';
import type { PredictionSummary } from '../../core/telemetry/samples/summary.ts';
import { day, hour, minute, type Runtime, runtimeOf, t0 } from './runtime.ts';

const sources: ConfigInput['sources'] = {
  flights: { kind: 'predictions', model: 'flights', labelWait: '10d', retain: '30d', segments: { country: ['DE', 'FR'] } },
};
const body = (records: readonly unknown[], idempotencyKey?: string) => ({
  contentType: 'application/json',
  text: JSON.stringify(records),
  idempotencyKey,
});
const predict = ({ ports }: Runtime, records: readonly unknown[], now = t0, key?: string) =>
  ingestPredictions(ports, 'flights', body(records, key), now);
const label = ({ ports }: Runtime, records: readonly unknown[], now = t0, key?: string) =>
  ingestLabels(ports, 'flights', body(records, key), now);

async function summaries({ ports }: Runtime, metric = 'predictions') {
  const series = await ports.store.series('flights', metric);
  const lists = await ports.store.buckets(series.map((one) => ({ series: one, from: 0, to: 9e15 })));
  return lists.flat().map(({ summary }) => summary);
}
async function whole(run: Runtime): Promise<PredictionSummary> {
  const [only, ...others] = await summaries(run);
  expect(others).toEqual([]);
  return only as PredictionSummary;
}
const sumOf = async (run: Runtime, metric: keyof typeof labelMetrics): Promise<number> =>
  (await summaries(run, labelMetrics[metric])).reduce((sum, one) => sum + (one.kind === 'values' ? one.sum : 0), 0);
const recordOf = async ({ ports }: Runtime, id: string) => (await ports.store.waiting([`flights|${id}`]))[0];

describe('a label that is sent again with another value', () => {
  it('replaces the first, in the whole and in its segment, and the record remembers it', async () => {
    const run = runtimeOf({ sources });
    await predict(run, [{ id: 'x', timestamp: t0, prediction: 1, score: 0.8, features: { country: 'DE' } }]);
    await label(run, [{ id: 'x', label: 1 }], t0 + hour);
    expect(await label(run, [{ id: 'x', label: 0 }], t0 + 2 * hour)).toMatchObject({ accepted: 0, corrected: 1, duplicates: 0 });
    const segment = (await summaries(run, 'predictions by country'))[0];
    for (const one of [await whole(run), segment])
      expect(one).toMatchObject({
        count: 1,
        labelled: 1,
        correct: 0,
        outcomes: { truePositive: 0, falsePositive: 1, numeric: 1, errorSum: 1 },
        scores: { bins: [leafOf(0.8), 1, 0] },
      });
    expect(await sumOf(run, 'corrected')).toBe(1);
    expect(await sumOf(run, 'delay')).toBe(3600);
    expect(await recordOf(run, 'x')).toMatchObject({ label: '0', revision: 1, replaced: [{ label: '1', at: t0 + 2 * hour }] });
    expect(await label(run, [{ id: 'x', label: false }], t0 + 3 * hour)).toMatchObject({ corrected: 0, duplicates: 1 });
  });

  it('gives way to the one with the later timestamp, in whatever order they come', async () => {
    const run = runtimeOf({ sources });
    await predict(run, [{ id: 'x', timestamp: t0, prediction: 1 }]);
    await label(run, [{ id: 'x', label: 1, timestamp: t0 + 2 * hour }], t0 + 3 * hour);
    const earlier = await label(run, [{ id: 'x', label: 0, timestamp: t0 + hour }], t0 + 4 * hour);
    expect(earlier).toMatchObject({ corrected: 0, duplicates: 1 });
    expect(await whole(run)).toMatchObject({ labelled: 1, correct: 1 });
    const later = await label(run, [{ id: 'x', label: 0, timestamp: t0 + 3 * hour }], t0 + 4 * hour);
    expect(later).toMatchObject({ corrected: 1 });
  });

  it('counts as the last of them when several come at once', async () => {
    const run = runtimeOf({ sources });
    await predict(run, [{ id: 'x', timestamp: t0, prediction: 3 }]);
    await label(run, [{ id: 'x', label: 3 }]);
    const values = [4, 5, 6, 7, 8];
    const sent = await Promise.all(values.map((value) => label(run, [{ id: 'x', label: value }], t0 + minute, `k${value}`)));
    expect(sent.reduce((sum, { corrected }) => sum + corrected, 0)).toBe(5);
    const { label: last } = (await recordOf(run, 'x')) ?? {};
    expect(await whole(run)).toMatchObject({ labelled: 1, correct: 0, outcomes: { numeric: 1, errorSum: 3 - Number(last) } });
  });

  it('is a correction that is taken back, when the very body of the first comes again without a key', async () => {
    const run = runtimeOf({ sources });
    await predict(run, [{ id: 'x', timestamp: t0, prediction: 1 }]);
    for (const [n, value] of [1, 0, 1, 0].entries()) {
      const sent = await label(run, [{ id: 'x', label: value }], t0 + n * minute);
      expect(sent).toMatchObject({ accepted: n === 0 ? 1 : 0, corrected: n === 0 ? 0 : 1, duplicates: 0, repeated: false });
      expect(await whole(run)).toMatchObject({ labelled: 1, correct: value });
    }
    expect(await label(run, [{ id: 'x', label: 0 }], t0 + hour)).toMatchObject({ corrected: 0, duplicates: 1 });
  });

  it.each(['before', 'after'])(
    'is not the older of two, where the first was said again later, %s its prediction came',
    async (when) => {
      const run = runtimeOf({ sources });
      if (when === 'after') await predict(run, [{ id: 'x', timestamp: t0, prediction: 1 }]);
      const now = t0 + day;
      await label(run, [{ id: 'x', label: 1, timestamp: t0 + hour }], now);
      await label(run, [{ id: 'x', label: 1, timestamp: t0 + 9 * hour }], now);
      await label(run, [{ id: 'x', label: 1, timestamp: t0 + 3 * hour }], now);
      expect(await label(run, [{ id: 'x', label: 0, timestamp: t0 + 5 * hour }], now)).toMatchObject({
        corrected: 0,
        duplicates: 1,
      });
      if (when === 'before') await predict(run, [{ id: 'x', timestamp: t0, prediction: 1 }], now);
      expect(await recordOf(run, 'x')).toMatchObject({ label: '1', labelAt: t0 + 9 * hour });
      expect(await whole(run)).toMatchObject({ labelled: 1, correct: 1 });
    },
  );

  it('is refused once its prediction is too old, and the first stays', async () => {
    const run = runtimeOf({ sources: { flights: { ...sources['flights'], labelWait: '90d' } as never } });
    await predict(run, [{ id: 'x', timestamp: t0, prediction: 1 }]);
    await label(run, [{ id: 'x', label: 1 }], t0 + day);
    const late = await label(run, [{ id: 'x', label: 0 }], t0 + 31 * day);
    expect(late.rejected).toEqual([{ index: 0, reason: expect.stringMatching(/^id: too late, the prediction is too old/) }]);
    expect(await recordOf(run, 'x')).toMatchObject({ label: '1' });
  });

  it('replaces one that waits for its prediction', async () => {
    const run = runtimeOf({ sources });
    expect(await label(run, [{ id: 'x', label: 1 }])).toMatchObject({ unmatched: 1 });
    expect(await label(run, [{ id: 'x', label: 0 }], t0 + minute)).toMatchObject({ unmatched: 1, corrected: 0 });
    expect(await sumOf(run, 'unmatched')).toBe(1);
    await predict(run, [{ id: 'x', timestamp: t0, prediction: 0 }], t0 + hour);
    expect(await whole(run)).toMatchObject({ labelled: 1, correct: 1 });
    expect(await sumOf(run, 'unmatched')).toBe(0);
  });
});

describe('a prediction that is sent again with its label', () => {
  const bare = { id: 'x', timestamp: t0, prediction: 1 };

  it('is a repeat, and its label counts', async () => {
    const run = runtimeOf({ sources });
    await predict(run, [bare]);
    expect(await predict(run, [{ ...bare, label: 1 }], t0 + hour)).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await whole(run)).toMatchObject({ count: 1, labelled: 1, correct: 1, duplicates: 1 });
    expect(await predict(run, [{ ...bare, label: 0 }], t0 + 2 * hour)).toMatchObject({ corrected: 1 });
    expect(await whole(run)).toMatchObject({ count: 1, labelled: 1, correct: 0, duplicates: 2 });
  });

  it('does not bring back a label that was corrected since', async () => {
    const run = runtimeOf({ sources });
    await predict(run, [{ ...bare, label: 1 }]);
    await label(run, [{ id: 'x', label: 0 }], t0 + hour);
    expect(
      await predict(
        run,
        [
          { ...bare, label: 1 },
          { id: 'y', timestamp: t0, prediction: 1 },
        ],
        t0 + day,
      ),
    ).toMatchObject({
      accepted: 1,
      corrected: 0,
      duplicates: 1,
    });
    expect(await recordOf(run, 'x')).toMatchObject({ label: '0' });
  });

  it('obeys the age of the prediction that it labels', async () => {
    const run = runtimeOf({ sources: { flights: { ...sources['flights'], labelWait: '90d' } as never } });
    await predict(run, [bare]);
    const again = await predict(run, [{ ...bare, timestamp: t0 + 30 * day, label: 1 }], t0 + 31 * day);
    expect(again.rejected).toEqual([{ index: 0, reason: expect.stringMatching(/^id: too late, the prediction is too old/) }]);
    expect(await whole(run)).toMatchObject({ count: 1, labelled: 0 });
  });
});

it('after any labels in any order, sums are those of the last label of each prediction alone', async () => {
  const step = fc.record({ id: fc.constantFrom('a', 'b', 'c'), label: fc.integer({ min: 0, max: 2 }), early: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const [run, plain] = [runtimeOf({ sources }), runtimeOf({ sources })];
      const predictions = ['a', 'b', 'c'].map((id, n) => ({ id, timestamp: t0, prediction: n, score: n / 4 }));
      const last = new Map<string, number>();
      const send = async (early: boolean) => {
        for (const [n, one] of steps.entries()) {
          if (one.early !== early) continue;
          last.set(one.id, one.label);
          await label(run, [{ id: one.id, label: one.label }], t0 + minute, `k${n}`);
        }
      };
      await send(true);
      await predict(run, predictions, t0 + hour);
      await send(false);
      await predict(plain, predictions, t0 + hour);
      await label(
        plain,
        [...last].map(([id, value]) => ({ id, label: value })),
        t0 + day,
      );
      const [corrected, first] = [await whole(run), await whole(plain)];
      const { outcomes, scores, ...counts } = corrected;
      expect(counts).toMatchObject({ count: 3, labelled: last.size, correct: first.correct });
      for (const [name, value] of Object.entries(outcomes ?? {}))
        expect(value).toBeCloseTo(first.outcomes?.[name as keyof typeof outcomes] ?? 0, 9);
      const full = (bins: readonly number[] = []) =>
        bins
          .join()
          .replaceAll(/(?:^|,)\d+,0,0(?=,|$)/g, '')
          .replace(/^,/, '');
      expect(full(scores?.bins)).toEqual(full(first.scores?.bins));
      await Promise.all([run.ports.store.close(), plain.ports.store.close()]);
    }),
    { numRuns: 60 },
  );
});
