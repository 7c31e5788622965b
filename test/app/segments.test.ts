import { describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { earlyJudge } from '../../app/evaluate/judge-early.ts';
import { foldLabels, foldPredictions } from '../../app/ingest/ingest.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import type { LabelRecord, PredictionRecord } from '../../core/telemetry/samples/records.ts';
import { day, hour, predictionAt, type Runtime, runtimeOf, t0 } from './runtime.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];
const sources: ConfigInput['sources'] = {
  shop: {
    kind: 'predictions',
    model: 'prices',
    features: ['price', 'size'],
    profiles: true,
    segments: { country: ['DE', 'FR'] },
  },
};
const accuracy = (more: Partial<RuleInput> = {}, query: object = {}): RuleInput => ({
  source: 'shop',
  query: { predictions: { metric: 'accuracy', over: '1h', by: ['country'], ...query } },
  step: '1h',
  category: 'performance',
  threshold: { below: { critical: 0.8 } },
  runbook: 'accuracy-drop',
  ...more,
});

const countries = ['DE', 'FR', 'US'] as const;
let batch = 0;
const push = ({ ports }: Runtime, records: PredictionRecord[], now: number) =>
  foldPredictions(ports, 'shop', records, `batch ${batch++}`, now);
const firing = async ({ ports }: Runtime, ...names: string[]) =>
  (await ports.store.alerts())
    .filter(({ state }) => state === 'firing')
    .map(({ labels }) => names.map((name) => labels[name] ?? '').join(' '))
    .sort();

describe('a rule by a segment', () => {
  it('alerts for the country that is bad, also where labels came late, and the whole is as it was', async () => {
    const run = runtimeOf({
      sources,
      rules: { each: accuracy({ labels: { of: 'each' } }), whole: accuracy({ labels: { of: 'whole' } }, { by: [] }) },
    });
    const records = countries.flatMap((country) =>
      Array.from({ length: 10 }, (_, i) => predictionAt(t0, { id: `${country} ${i}`, features: { country } })),
    );
    await push(run, records, t0 + hour);
    const labels = records.map(
      ({ id = '' }): LabelRecord => ({
        by: 'id',
        id,
        label: id.startsWith('DE') ? 0 : 1,
        timestamp: undefined,
        model: undefined,
      }),
    );
    await foldLabels(run.ports, 'shop', labels, 'labels', t0 + hour);
    await evaluate(run.ports, t0 + hour);
    expect(await firing(run, 'of', 'country')).toEqual(['each DE', 'whole ']);
    const alert = (await run.ports.store.alerts()).find(({ labels: { of } }) => of === 'whole');
    expect(alert?.value).toBeCloseTo(2 / 3);
    const series = await run.ports.store.series('shop', 'predictions by country');
    expect(series.map(({ labels: own }) => own['country'])).toEqual(['DE', 'FR', 'other']);
  });

  it('finds the pair that is bad within two segments that are well, and names it; a bad cell of few says nothing', async () => {
    const segments = { country: ['DE', 'FR'], channel: ['web', 'app'] };
    const rules = {
      pair: accuracy({ title: 'Accuracy' }, { by: ['country', 'channel'] }),
      country: accuracy({}, { by: ['country'] }),
      channel: accuracy({}, { by: ['channel'] }),
    };
    const run = runtimeOf({ sources: { shop: { ...sources.shop, segments } as never }, rules });
    const records = ['DE', 'FR', 'AT'].flatMap((country) =>
      ['web', 'app', 'post'].flatMap((channel) => {
        const [many, wrong] =
          country === 'FR' && channel === 'app' ? [60, 40] : country === 'AT' && channel === 'post' ? [3, 2] : [300, 30];
        return Array.from({ length: many }, (_, i) =>
          predictionAt(t0, { features: { country, channel }, label: i < wrong ? 0 : 1 }),
        );
      }),
    );
    await push(run, records, t0 + hour);
    await evaluate(run.ports, t0 + hour);
    expect(await firing(run, 'rule', 'country', 'channel')).toEqual([' FR app']);
    const [incident] = await run.ports.store.incidents({ status: 'open', limit: 5 });
    expect(incident?.title).toContain('Accuracy: channel app, country FR');
    const series = await run.ports.store.series('shop', 'predictions by channel and country');
    expect(series).toHaveLength(9);
    // Nine cells are tested together, and of the cell of three nobody can tell.
    expect((await run.ports.store.alerts()).find(({ state }) => state === 'firing')?.value).toBeCloseTo(1 / 3);
  });

  it('is judged early too, where a country has more than its bound', async () => {
    const tooMany: RuleInput = {
      source: 'shop',
      query: { predictions: { metric: 'count', over: '1h', by: ['country'] } },
      step: '1h',
      category: 'performance',
      threshold: { above: { critical: 10 } },
      runbook: 'accuracy-drop',
    };
    const run = runtimeOf({ sources, rules: { tooMany } });
    const early = earlyJudge(run.ports);
    run.ports.observeFold = (folded) => void early.note(folded);
    const count = { DE: 11, FR: 9, US: 1 };
    const records = countries.flatMap((country) =>
      Array.from({ length: count[country] }, () => predictionAt(t0 + 1000, { features: { country } })),
    );
    await push(run, records, t0 + 2000);
    expect(await early.judge(t0 + 2000)).toBe(1);
    expect(await firing(run, 'country')).toEqual(['DE']);
  });

  it('judges a version by the version before in the same country', async () => {
    const version = { window: '2d', minPoints: 5 };
    const rules = {
      each: accuracy(
        { threshold: undefined, degradation: { direction: 'drop', baseline: { version } } },
        { by: ['version', 'country'] },
      ),
    };
    const run = runtimeOf({ sources, rules });
    // France was always worse: only Germany has become so.
    const right = { v1: { DE: 10, FR: 5 }, v2: { DE: 5, FR: 5 } };
    for (const [place, name] of (['v1', 'v2'] as const).entries()) {
      const records = (['DE', 'FR'] as const).flatMap((country) =>
        Array.from({ length: 100 }, (_, i) =>
          predictionAt(t0 + place * 10 * hour + Math.floor(i / 10) * hour, {
            version: name,
            features: { country },
            label: i % 10 < right[name][country] ? 1 : 0,
          }),
        ),
      );
      await push(run, records, t0 + 20 * hour);
    }
    await evaluate(run.ports, t0 + 20 * hour);
    expect(await firing(run, 'version', 'country')).toEqual(['v2 DE']);
  });

  it('tests the features of all segments of one tick as one family', async () => {
    const drift: RuleInput = {
      source: 'shop',
      query: { predictions: { metric: 'drift', over: '1d', by: ['country'] } },
      step: '1d',
      category: 'drift',
      drift: { baseline: { rolling: { window: '7d' } } } as RuleInput['drift'],
      runbook: 'accuracy-drop',
    };
    const run = runtimeOf({ sources, rules: { drift } });
    const start = Math.floor(t0 / day) * day;
    let seed = 1;
    const uniform = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    for (let n = 0; n < 8; n += 1) {
      const records = countries.flatMap((country) =>
        Array.from({ length: 200 }, (_, i) => {
          const moved = n === 7 && country === 'DE' ? 1 : 0;
          const features = { country, price: uniform() + moved, size: uniform() };
          return predictionAt(start + n * day + (i % 24) * hour, { features });
        }),
      );
      await push(run, records, start + (n + 1) * day);
    }
    const answers = await evaluate(run.ports, start + 8 * day);
    expect(answers.verdicts.ok).toBe(5);
    expect(await firing(run, 'country', 'feature')).toEqual(['DE price']);
    // Two features in three segments.
    expect((await run.ports.store.alerts())[0]?.reason).toMatch(/among 6 tests$/);
  });
});
