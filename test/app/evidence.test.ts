import { describe, expect, it } from 'vitest';
import { evaluate } from '../../app/evaluate/evaluate.ts';
import { readInsufficientEvidence } from '../../app/evaluate/undecided.ts';
import { foldSamples } from '../../app/ingest/ingest.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { minute, type Runtime, runtimeOf, t0 } from './runtime.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];
const sources: ConfigInput['sources'] = { pushed: { kind: 'samples', labels: { environment: 'live' } } };
const on = (metric: string, samples: RuleInput['samples'] = { confidence: '95%' }): RuleInput => ({
  source: 'pushed',
  query: { samples: { metric } },
  category: 'performance',
  runbook: 'accuracy-drop',
  threshold: { below: { warn: 0.76, critical: 0.5 } },
  samples,
});

const countries = Array.from({ length: 60 }, (_, i) => `c${i}`);
let batch = 0;
/** 200 samples of the minute before `at`, of which this share is 1. */
const push = ({ ports }: Runtime, at: number, metric: string, share: number, country: string, count = 200) =>
  foldSamples(
    ports,
    'pushed',
    Array.from({ length: count }, (_, i) => ({
      metric,
      value: i < Math.round(share * count) ? 1 : 0,
      timestamp: at - 1,
      labels: { country },
    })),
    `evidence ${batch++}`,
    at,
  );
const firing = async ({ ports }: Runtime): Promise<string[]> =>
  (await ports.store.alerts())
    .filter(({ state }) => state === 'firing')
    .map(({ ruleId, labels }) => `${ruleId} ${labels['country']}`);

describe('segments of one rule', () => {
  it('are tested together: what one country alone would fire for does not fire among sixty', async () => {
    const run = runtimeOf({ sources, rules: { right: on('right'), alone: on('alone') } });
    for (const country of countries) await push(run, t0, 'right', country === 'c7' ? 0.69 : 0.8, country);
    await push(run, t0, 'alone', 0.69, 'c7');
    const { verdicts } = await evaluate(run.ports, t0);
    expect(await firing(run)).toEqual(['alone c7']);
    expect(verdicts).toMatchObject({ ok: 59, warn: 1, 'insufficient evidence': 1 });
    await push(run, t0 + minute, 'right', 0.3, 'c7');
    await push(run, t0 + minute, 'right', 0.8, 'c8');
    await evaluate(run.ports, t0 + minute);
    expect(await firing(run)).toContain('right c7');
  });

  it('of several rules are tested together where these name one family', async () => {
    const family = { confidence: '95%', family: 'quality' };
    const many = (samples: RuleInput['samples']): ConfigInput['rules'] =>
      Object.fromEntries(countries.map((country) => [`of-${country}`, on(`right-${country}`, samples)]));
    for (const [samples, expected] of [
      [{ confidence: '95%' }, ['of-c7 c7']],
      [family, []],
    ] as const) {
      const run = runtimeOf({ sources, rules: many(samples) });
      for (const country of countries) await push(run, t0, `right-${country}`, country === 'c7' ? 0.69 : 0.8, country);
      await evaluate(run.ports, t0);
      expect(await firing(run)).toEqual(expected);
    }
  });
});

describe('insufficient evidence', () => {
  it('is noted by rule, with how many series and why, until there is enough', async () => {
    const run = runtimeOf({ sources, rules: { right: on('right', { minCount: 50 }) } });
    await push(run, t0, 'right', 0.2, 'c1', 20);
    await push(run, t0, 'right', 0.9, 'c2', 200);
    const { verdicts } = await evaluate(run.ports, t0);
    expect(verdicts).toMatchObject({ ok: 1, 'insufficient evidence': 1 });
    const reason = 'too few samples: right 0.2 rests on 20 of at least 50 (minCount)';
    expect(await readInsufficientEvidence(run.ports)).toEqual([{ rule: 'right', series: 1, of: 2, reason, since: t0 }]);
    await push(run, t0 + minute, 'right', 0.9, 'c1', 200);
    await push(run, t0 + minute, 'right', 0.9, 'c2', 200);
    await evaluate(run.ports, t0 + minute);
    expect(await readInsufficientEvidence(run.ports)).toEqual([]);
  });

  it('stays noted of a rule that was not due, and goes with a rule that is gone', async () => {
    const rules = { right: on('right', { minCount: 50 }), slow: { ...on('slow', { minCount: 50 }), step: '1h' } };
    const run = runtimeOf({ sources, rules });
    await push(run, t0, 'right', 0.2, 'c1', 20);
    await push(run, t0, 'slow', 0.2, 'c1', 20);
    await evaluate(run.ports, t0);
    await push(run, t0 + minute, 'right', 0.9, 'c1');
    await evaluate(run.ports, t0 + minute);
    expect((await readInsufficientEvidence(run.ports)).map(({ rule }) => rule)).toEqual(['slow']);
    const fewer = runtimeOf({ sources, rules: { right: rules.right } }, { store: run.ports.store });
    await evaluate(fewer.ports, t0 + 2 * minute);
    expect(await readInsufficientEvidence(run.ports)).toEqual([]);
  });
});
