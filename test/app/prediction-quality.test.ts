import { describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { ingestLabels, ingestPredictions, ingestSamples } from '../../app/ingest/ingest.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { isAsking } from '../../core/detection/rules/rule-schema.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { hour, minute, type Runtime, runtimeOf, t0 } from './runtime.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];
const sources: ConfigInput['sources'] = {
  flights: {
    kind: 'predictions',
    model: 'flight-delays',
    schema: {
      distance: { type: 'number', min: 0, max: 10_000 },
      origin: { type: 'category', values: ['BOS', 'SFO'] },
      night: { type: 'boolean', optional: true },
    },
  },
  pushed: { kind: 'samples' },
};
const on = (metric: string, more: Partial<RuleInput> = {}): RuleInput =>
  ({
    source: 'flights',
    query: { predictions: { metric, over: '2h' } },
    step: '1h',
    category: 'performance',
    runbook: 'accuracy-drop',
    threshold: { below: { critical: 0.8 } },
    ...more,
  }) as RuleInput;

const body = (records: object[]) => ({ contentType: 'application/json', text: JSON.stringify(records) });
const predict = ({ ports }: Runtime, records: object[], now: number) => ingestPredictions(ports, 'flights', body(records), now);
const label = ({ ports }: Runtime, records: object[], now: number) => ingestLabels(ports, 'flights', body(records), now);
const alerts = async ({ ports }: Runtime) =>
  (await ports.store.alerts())
    .filter(({ state }) => state === 'firing')
    .map(({ labels, value, reason }) => ({ feature: labels['feature'], value, reason }));

describe('a metric that rests on labels', () => {
  it('is provisional until most labels have come, and is revised by those that come late', async () => {
    const run = runtimeOf({ sources, rules: { precision: on('precision', { threshold: { below: { critical: 0.7 } } }) } });
    const ids = Array.from({ length: 10 }, (_, i) => `p${i}`);
    await predict(
      run,
      ids.map((id) => ({ id, timestamp: t0, prediction: 1, score: 0.9 })),
      t0 + hour,
    );
    await label(
      run,
      [
        { id: 'p0', label: 0 },
        { id: 'p1', label: 1 },
      ],
      t0 + hour,
    );
    await evaluate(run.ports, t0 + hour);
    expect(await alerts(run)).toEqual([
      {
        feature: undefined,
        value: 0.5,
        reason:
          'precision 0.5 (critical below 0.7), 1 of 1 points; provisional: 20% of the predictions are labelled, fewer than labelShare 80%',
      },
    ]);
    await label(
      run,
      ids.slice(2).map((id) => ({ id, label: 1 })),
      t0 + hour + minute,
    );
    await evaluate(run.ports, t0 + 2 * hour);
    expect(await alerts(run)).toEqual([]);
  });

  it('takes the score that waited with the prediction, and the one that a label carries', async () => {
    const run = runtimeOf({ sources, rules: { brier: on('brier', { threshold: { above: { critical: 0.2 } } }) } });
    await predict(run, [{ id: 'a', timestamp: t0, prediction: 1, score: 0.5 }], t0 + hour);
    await label(
      run,
      [
        { id: 'a', label: 1 },
        { timestamp: t0, prediction: 0, score: 0.3, label: 1 },
      ],
      t0 + hour,
    );
    await evaluate(run.ports, t0 + hour);
    expect((await alerts(run))[0]?.value).toBeCloseTo((0.25 + 0.49) / 2, 12);
  });
});

describe('an estimate', () => {
  it('pages before any label has come, and says that it is one', async () => {
    const run = runtimeOf({ sources, rules: { estimate: on('estimated_accuracy') } });
    const unsure = Array.from({ length: 20 }, (_, i) => ({ timestamp: t0, prediction: i % 2, score: i % 2 === 1 ? 0.6 : 0.4 }));
    await predict(run, unsure, t0 + hour);
    await evaluate(run.ports, t0 + hour);
    expect((await alerts(run)).map(({ reason }) => reason)).toEqual([
      'estimated_accuracy 0.6 (critical below 0.8), 1 of 1 points; an estimate from scores, which too few labels have confirmed',
    ]);
  });
});

describe('data quality', () => {
  const record = (features: object, id?: string) => ({
    timestamp: t0,
    prediction: 1,
    features,
    ...(id === undefined ? {} : { id }),
  });
  const records = [
    record({ distance: 500, origin: 'BOS', night: true }),
    record({ distance: -1, origin: 'JFK' }),
    record({ distance: '500', origin: null }),
    record({ distance: 20_000, origin: 'SFO' }),
    record({ origin: 'BOS', night: 1 }),
  ];
  const found = async (metric: string) => {
    const run = runtimeOf({ sources, rules: { quality: on(metric, { threshold: { above: { warn: 0 } } }) } });
    await predict(run, records, t0 + hour);
    await evaluate(run.ports, t0 + hour);
    return Object.fromEntries((await alerts(run)).map(({ feature, value }) => [feature, value]));
  };

  it('counts values out of range, of the wrong type, of unknown categories, and missing ones, by feature', async () => {
    expect(await found('out_of_range_rate')).toEqual({ distance: 2 / 4 });
    expect(await found('type_error_rate')).toEqual({ distance: 1 / 4, night: 1 / 2 });
    expect(await found('unseen_rate')).toEqual({ origin: 1 / 4 });
    expect(await found('null_rate')).toEqual({ distance: 1 / 5, origin: 1 / 5 });
  });

  it('counts predictions that come again under their id', async () => {
    const run = runtimeOf({ sources, rules: { twice: on('duplicate_rate', { threshold: { above: { warn: 0.3 } } }) } });
    await predict(run, [record({}, 'a'), record({}, 'b'), record({}, 'a')], t0 + hour);
    await predict(run, [record({}, 'b')], t0 + hour);
    await evaluate(run.ports, t0 + hour);
    expect(await alerts(run)).toMatchObject([{ value: 0.5 }]);
  });

  it('tells how old the newest record is', async () => {
    const rules = {
      predictions: on('freshness', { threshold: { above: { warn: 3600 } } }),
      samples: on('', {
        source: 'pushed',
        query: { samples: { metric: 'm', statistic: 'age', over: '3h' } },
        threshold: { above: { warn: 3600 } },
      }),
    };
    const run = runtimeOf({ sources, rules });
    await evaluate(run.ports, t0);
    expect(await alerts(run)).toEqual([]);
    await predict(run, [{ timestamp: t0 + 20 * minute, prediction: 1 }], t0 + hour);
    await ingestSamples(run.ports, 'pushed', body([{ metric: 'm', timestamp: t0 + 50 * minute, value: 1 }]), t0 + hour);
    await evaluate(run.ports, t0 + hour);
    expect(await alerts(run)).toEqual([]);
    await evaluate(run.ports, t0 + 2 * hour);
    expect((await alerts(run)).map(({ value }) => value)).toEqual(expect.arrayContaining([100 * 60, 70 * 60]));
    await evaluate(run.ports, t0 + 5 * hour);
    const { config, sources: ask } = run.ports;
    const rule = config.rules['predictions'];
    if (rule === undefined || !isAsking(rule)) throw new Error('expected a rule that asks');
    const request = {
      ruleId: asRuleId('predictions'),
      rule,
      from: t0 - hour,
      to: t0 + 5 * hour,
    };
    const source = config.sources['flights'];
    if (source?.kind !== 'predictions') throw new Error('expected the source');
    const [answer] = await ask.predictions.query('flights', source, [request], t0 + 5 * hour);
    const ages = answer?.ok === true ? answer.series[0]?.points.map(({ value }) => value / 60) : [];
    // As old as the span of two hours where that holds nothing.
    expect(ages).toEqual([40, 100, 120, 120, 120]);
  });
});
