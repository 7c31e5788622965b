import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import { wilsonInterval, zOf } from '../../core/statistics/wilson.ts';
import { deltaSums } from '../../core/telemetry/samples/deltas.ts';
import { estimatePoints } from '../../core/telemetry/samples/estimate-points.ts';
import { canonicalOutcome } from '../../core/telemetry/samples/outcome.ts';
import { shares } from '../../core/telemetry/samples/prediction-metrics.ts';
import { type Bucket, seriesRef } from '../../core/telemetry/samples/summary.ts';
import { sharePoints } from '../../core/telemetry/samples/windows.ts';
import type { Point } from '../../core/telemetry/series.ts';
import type { PredictionsSourceConfig } from '../../core/telemetry/sources/kinds/predictions.ts';
import { readConfig } from '../../local/read-config.ts';
import { readRecords } from '../../local/read-records.ts';
import { replay } from '../../local/replay.ts';

const file = '../shared/data/ml/california_housing.csv.gz';
const reason = existsSync(file) ? '' : ` (skipped: ${file} is not there; it is data for tests that the project does not carry)`;
const hour = 3_600_000;
const day = 24 * hour;

type Story = {
  entries: TimelineEntry[];
  effects: Effect[];
  /** Accuracy over the time before `at`, straight from the file. */
  accuracy: (at: number, over: number) => { value: number; count: number };
  from: number;
  to: number;
};

async function story(): Promise<Story> {
  const read = readConfig('docs/examples/california-housing.yaml', 'runbooks');
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const { records } = await readRecords(file, read.config.sources.housing as PredictionsSourceConfig);
  const entries: TimelineEntry[] = [];
  const effects: Effect[] = [];
  const observe = (newEntries: TimelineEntry[], newEffects: Effect[]): void => {
    entries.push(...newEntries);
    effects.push(...newEffects);
  };
  const { from, to, accepted, ports } = await replay({ config: read.config, source: 'housing', records, observe });
  await ports.store.close();
  expect(accepted).toBe(14_064);
  const outcomes = records.flatMap((one) =>
    one.kind === 'prediction'
      ? [{ at: one.at, right: canonicalOutcome(one.record.prediction) === canonicalOutcome(one.record.label ?? '') }]
      : [],
  );
  const accuracy = (at: number, over: number) => {
    const within = outcomes.filter((one) => one.at >= at - over && one.at < at);
    return { value: within.filter(({ right }) => right).length / within.length, count: within.length };
  };
  return { entries, effects, accuracy, from, to };
}

/**
 * When an alert of the rule entered the band, by the timeline; a rise to critical is entered into
 * it.
 */
function entered({ entries }: Story, rule: string, band: 'warn' | 'critical'): number[] {
  const kinds: string[] = ['alert fired', 'severity raised'];
  return entries
    .filter(({ kind, data }) => kinds.includes(kind) && data?.rule === rule && data.severity === band)
    .map(({ at }) => at);
}

describe.skipIf(reason !== '')(`the California housing classifier${reason}`, async () => {
  const told = reason === '' ? await story() : undefined;
  const known = (): Story => {
    if (told === undefined) throw new Error('the data is not there');
    return told;
  };
  const critical = (from: string, to: string) => (at: number) => at >= Date.parse(from) && at < Date.parse(to);

  it('is critical over 7 days between 22 and 25 August 2021, for the first time after the reference months', () => {
    const after = entered(known(), 'housing-accuracy', 'critical').filter((at) => at >= Date.parse('2021-06-01'));
    expect(new Date(after[0] ?? 0).toISOString()).toMatch(/^2021-08-2[234]T/);
  });

  it('pages critical then', () => {
    const pages = known().effects.filter(
      ({ kind, createdAt }) => kind === 'page' && critical('2021-08-22', '2021-08-26')(createdAt),
    );
    expect(pages).toContainEqual(expect.objectContaining({ severity: 'critical', tier: 1 }));
  });

  it('is never called critical over 7 days while chance could explain it', () => {
    const times = entered(known(), 'housing-accuracy', 'critical');
    expect(times.length).toBeGreaterThan(5);
    for (const at of times) {
      const { value, count } = known().accuracy(at, 7 * day);
      expect(wilsonInterval(value, count, zOf(0.95)).high).toBeLessThan(0.67 * 0.9);
    }
  });

  it('has no month of collapse without a critical alert over 7 days', () => {
    // The months in which the file's accuracy lies below 0.55.
    const firing = known().entries.filter(({ data }) => data?.rule === 'housing-accuracy');
    for (const month of ['2021-03', '2021-09', '2021-10', '2021-12', '2022-01']) {
      const start = Date.parse(`${month}-01`);
      const before = firing.findLast(({ at }) => at < start);
      const within = firing.filter(({ at }) => at >= start && at < start + 28 * day);
      expect([before, ...within].some((entry) => entry?.data?.severity === 'critical')).toBe(true);
    }
  });

  it('is quiet over 24 hours where 24 predictions are too few to tell', () => {
    const { accuracy, from, to } = known();
    const isCollapse = (at: number): boolean => {
      const { value, count } = accuracy(at, day);
      return wilsonInterval(value, count, zOf(0.99)).high < 0.6;
    };
    const fired = new Set(entered(known(), 'housing-accuracy-24h', 'warn'));
    expect(fired.size).toBeGreaterThan(5);
    for (const at of fired) expect([isCollapse(at - 6 * hour), isCollapse(at)]).toEqual([true, true]);
    let unsure = 0;
    for (let at = Math.ceil(from / (6 * hour)) * 6 * hour + day; at <= to - day; at += 6 * hour) {
      if (accuracy(at, day).value >= 0.6 || isCollapse(at)) continue;
      unsure += 1;
      expect(fired.has(at)).toBe(false);
    }
    // More than two hundred times a plain threshold would have been crossed.
    expect(unsure).toBeGreaterThan(200);
  });

  it('never pages for volume or for missing features, of which the file has none', () => {
    const rules = new Set(known().entries.flatMap(({ kind, data }) => (kind === 'alert fired' ? [data?.rule] : [])));
    expect([...rules].sort()).toEqual(['housing-accuracy', 'housing-accuracy-24h']);
  });
});

describe.skipIf(reason !== '')(`estimates on the California housing classifier${reason}`, () => {
  it('lie nearer to the truth once scores are recalibrated on the month before', async () => {
    const read = readConfig('docs/examples/california-housing.yaml', 'runbooks');
    if (!read.ok) throw new Error(JSON.stringify(read.errors));
    const source = read.config.sources.housing as PredictionsSourceConfig;
    const { records } = await readRecords(file, source);
    const sums = deltaSums(source);
    for (const { kind, record } of records) {
      if (kind !== 'prediction') continue;
      const start = Math.floor(record.timestamp / source.bucket) * source.bucket;
      const label = record.label === undefined ? undefined : canonicalOutcome(record.label);
      sums.addPrediction(seriesRef('housing', 'predictions', {}), start, record, canonicalOutcome(record.prediction), label);
    }
    const buckets = sums
      .deltas()
      .map(({ bucketStart, summary }): Bucket => ({ start: bucketStart, summary }))
      .sort((a, b) => a.start - b.start);
    const first = Math.ceil((buckets[0]?.start ?? 0) / day) * day + 37 * day;
    const spans = { first, to: buckets.at(-1)?.start ?? 0, step: 7 * day, over: 7 * day, bucket: source.bucket };
    const off = (points: readonly Point[]): number =>
      points.reduce((sum, { value, real }) => sum + Math.abs(value - (real?.value ?? Number.NaN)), 0) / points.length;
    const raw = sharePoints(buckets, shares.estimated_accuracy, spans);
    const mended = estimatePoints(buckets, 'estimated_accuracy', spans, { window: 30 * day, maxError: 0.1 });
    expect(mended).toHaveLength(raw.length);
    // docs/judging.md tells these figures.
    expect(raw.length).toBe(79);
    expect(off(raw)).toBeCloseTo(0.165, 3);
    expect(off(mended)).toBeCloseTo(0.126, 3);
  });
});
