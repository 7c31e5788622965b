import { describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { foldPredictions } from '../../app/ingest/ingest.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import type { FeatureProfile } from '../../core/telemetry/profiles/profile.ts';
import { profileMetric } from '../../core/telemetry/samples/profile-parts.ts';
import { day, hour, predictionAt, type Runtime, runtimeOf } from './runtime.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];
type Features = Record<string, string | number | null>;

/** A Monday, 00:00 UTC, where days of profiles begin. */
const t0 = Date.UTC(2026, 0, 5);

const sourcesWith = (more: object = {}): ConfigInput['sources'] => ({
  shop: {
    kind: 'predictions',
    model: 'prices',
    labels: { environment: 'live' },
    features: ['price', 'colour', 'steady'],
    profiles: true,
    ...more,
  },
});
const drift = (baseline: object, more: Partial<RuleInput> = {}, query: object = {}): RuleInput => ({
  source: 'shop',
  query: { predictions: { metric: 'drift', over: '1d', ...query } },
  step: '1d',
  category: 'drift',
  drift: { baseline } as RuleInput['drift'],
  runbook: 'accuracy-drop',
  ...more,
});

let random = 1;
const uniform = (): number => {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  return (random + 0.5) / 2 ** 32;
};
const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());

const usual = (): Features => ({ price: 100 + 10 * normal(), colour: uniform() < 0.7 ? 'red' : 'blue', steady: normal() });

/** A day of predictions. */
async function push(
  { ports }: Runtime,
  start: number,
  count: number,
  change: Features | (() => Features) = {},
  version?: string,
): Promise<void> {
  const records = Array.from({ length: count }, (_, i) => ({
    ...predictionAt(start + (i % 24) * hour),
    version,
    features: { ...usual(), ...(typeof change === 'function' ? change() : change) },
  }));
  const result = await foldPredictions(ports, 'shop', records, `${start} ${version}`, start + day);
  expect(result).toMatchObject({ accepted: count, rejected: [] });
}

const alertsOf = async ({ ports }: Runtime) =>
  (await ports.store.alerts())
    .filter(({ state }) => state === 'firing' || state === 'recovering')
    .map(({ labels, severity }) => `${labels['version'] ?? ''} ${labels['feature']} ${severity}`.trim())
    .sort();

async function profilesOf({ ports }: Runtime): Promise<Map<string, FeatureProfile>[]> {
  const series = await ports.store.series('shop', profileMetric);
  const lists = await ports.store.buckets(series.map((one) => ({ series: one, from: 0, to: t0 + 100 * day })));
  return lists.flat().map(({ summary }) => new Map(summary.kind === 'profile' ? Object.entries(summary.features) : []));
}

describe('a drift rule with a rolling baseline', () => {
  it('fires for the feature that moved, stays by the baseline that it froze, and ends when the feature is back', async () => {
    const run = runtimeOf({ sources: sourcesWith(), rules: { moved: drift({ rolling: { window: '7d' } }) } });
    const seen: string[][] = [];
    for (let n = 0; n < 12; n += 1) {
      const moved = n === 8 || n === 9;
      await push(run, t0 + n * day, 400, (): Features => (moved ? { price: 108 + 10 * normal() } : {}));
      await evaluate(run.ports, t0 + (n + 1) * day);
      seen.push(await alertsOf(run));
    }
    expect(seen.slice(0, 8).flat()).toEqual([]);
    // Two evaluations in a row find it back.
    expect(seen.slice(8)).toEqual([['price critical'], ['price critical'], ['price critical'], []]);
    const alert = (await run.ports.store.alerts())[0];
    expect(alert?.baseline).toMatchObject({ kind: 'profile', from: t0 + day, to: t0 + 8 * day });
    // The days that drifted, and not the one after them.
    expect(alert?.excluded).toEqual([{ from: t0 + 8 * day, to: t0 + 10 * day }]);
    expect(alert?.reason).toMatch(/^psi 0\.0\d+ \(nats\) is below 0\.1: 400 values against/);
  });

  it('says that there is no baseline yet, and does not fire', async () => {
    const run = runtimeOf({ sources: sourcesWith(), rules: { moved: drift({ rolling: { window: '7d' } }) } });
    await push(run, t0, 400);
    const { verdicts } = await evaluate(run.ports, t0 + day);
    expect(verdicts).toMatchObject({ ok: 0, 'insufficient evidence': 3, critical: 0, error: 0 });
    expect(await alertsOf(run)).toEqual([]);
  });

  it('does not fire on a handful of values, however far they lie', async () => {
    const run = runtimeOf({ sources: sourcesWith(), rules: { moved: drift({ rolling: { window: '7d' } }) } });
    for (let n = 0; n < 7; n += 1) await push(run, t0 + n * day, 200);
    await push(run, t0 + 7 * day, 3, { price: 500 });
    await evaluate(run.ports, t0 + 8 * day);
    expect(await alertsOf(run)).toEqual([]);
  });
});

describe('data quality that is learned from a baseline', () => {
  const learned = (measure: string, features: string[]): RuleInput =>
    drift(
      { rolling: { window: '7d' } },
      { category: 'data-quality', drift: { measure, baseline: { rolling: { window: '7d' } } } as RuleInput['drift'] },
      { features },
    );

  it('fires for a category that never was, a type that has changed and prices far out, and for nothing before', async () => {
    const rules = {
      refused: learned('violations', ['price', 'colour', 'steady']),
      far: learned('outliers', ['price', 'steady']),
    };
    const run = runtimeOf({ sources: sourcesWith(), rules });
    for (let n = 0; n < 9; n += 1) {
      const odd = n === 8;
      await push(run, t0 + n * day, 400, (): Features => {
        if (!odd || uniform() > 0.1) return {};
        return { price: 1000, colour: 'mauve', steady: 'none' };
      });
      await evaluate(run.ports, t0 + (n + 1) * day);
      if (!odd) expect(await alertsOf(run)).toEqual([]);
    }
    expect(await alertsOf(run)).toEqual(['colour critical', 'price critical', 'price critical', 'steady critical']);
  });
});

describe('a drift rule with a named baseline', () => {
  it('compares with a fixed span', async () => {
    const between = { from: '2026-01-05', to: '2026-01-07' };
    const run = runtimeOf({ sources: sourcesWith(), rules: { moved: drift({ between }) } });
    for (let n = 0; n < 10; n += 1) await push(run, t0 + n * day, 300, () => ({ price: 100 + 2 * n + 10 * normal() }));
    await evaluate(run.ports, t0 + 10 * day);
    expect(await alertsOf(run)).toEqual(['price critical']);
  });

  it('compares each version with the named one, by categories too', async () => {
    const rule = drift({ version: 'training' }, {}, { by: ['version'], features: ['colour'] });
    const run = runtimeOf({ sources: sourcesWith(), rules: { moved: rule } });
    await push(run, t0, 2000, {}, 'training');
    await push(run, t0 + day, 500, {}, 'v1');
    await push(run, t0 + day, 500, () => (uniform() < 0.5 ? { colour: 'green' } : usual()), 'v2');
    await evaluate(run.ports, t0 + 2 * day);
    expect(await alertsOf(run)).toEqual(['v2 colour critical']);
  });
});

describe('profiles of a source', () => {
  it('are folded once however often a batch is sent, a missing feature as null', async () => {
    const run = runtimeOf({ sources: sourcesWith() });
    const records = [1, 2, null].map((price, i) => ({ ...predictionAt(t0 + i), id: `p${i}`, features: { price } }));
    for (const batch of ['a', 'a', 'b']) await foldPredictions(run.ports, 'shop', records, batch, t0 + hour);
    const [profiles] = await profilesOf(run);
    expect(profiles?.get('price')).toMatchObject({ count: 3, nulls: 1, numbers: { count: 2, mean: 1.5, min: 1, max: 2 } });
    expect(profiles?.get('colour')).toMatchObject({ count: 3, nulls: 3 });
  });

  it('are not kept unless they are asked for', async () => {
    const run = runtimeOf({ sources: sourcesWith({ profiles: false }) });
    await push(run, t0, 10);
    expect(await run.ports.store.series('shop', profileMetric)).toEqual([]);
  });

  it('of 500 features fit into the store', async () => {
    const features = Array.from({ length: 500 }, (_, i) => `f${i}`);
    const run = runtimeOf({ sources: sourcesWith({ features }) });
    const records = [0, 1].map((n) => ({
      ...predictionAt(t0 + n * 2 * day),
      id: `x${n}`,
      features: Object.fromEntries(features.map((feature) => [feature, n])),
    }));
    expect(await foldPredictions(run.ports, 'shop', records, 'wide', t0 + 3 * day)).toMatchObject({ accepted: 2 });
    const profiles = await profilesOf(run);
    expect(profiles).toHaveLength(2 * Math.ceil(500 / 8));
    expect(profiles.flatMap((one) => [...one.keys()]).toSorted()).toEqual([...features, ...features].toSorted());
  });
});
