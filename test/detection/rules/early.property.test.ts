import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJudgedEarly, mayBreachEarly } from '../../../core/detection/early.ts';
import { judge } from '../../../core/detection/judge.ts';
import type { AskingRule } from '../../../core/detection/rules/rule-schema.ts';
import type { Verdict } from '../../../core/detection/verdict.ts';
import { type Bucket, mergeSummary, type Summary } from '../../../core/telemetry/samples/summary.ts';
import { countPoints, type Spans, valuePoints } from '../../../core/telemetry/samples/windows.ts';
import type { Point } from '../../../core/telemetry/series.ts';
import { minute, ruleOf, to } from './rule.ts';

const rank = { warn: 1, critical: 2 } as const;
/**
 * What the alert is at after a verdict: 0 for well. One that was not judged leaves it where it was.
 */
function bandOf({ status, judged }: Verdict, { noData }: AskingRule, was: keyof typeof rank | undefined): number {
  if (status === 'warn' || status === 'critical') return rank[status];
  if (status === 'no data' && noData === 'alert') return was === undefined ? 1 : rank[was];
  return judged || (status === 'no data' && noData === 'ok') || was === undefined ? 0 : rank[was];
}

const mOfN = fc.integer({ min: 1, max: 5 }).chain((n) => fc.integer({ min: 1, max: n }).map((m) => `${m}/${n}`));
const kinds = fc.constantFrom<Parameters<typeof ruleOf>[0]>(
  {
    query: { samples: { metric: 'a', statistic: 'max' } },
    threshold: { above: { warn: 10, critical: 20 } },
    range: { min: -40 },
  },
  {
    query: { samples: { metric: 'a', statistic: 'max', over: '3m' } },
    threshold: { above: { critical: 20 } },
    range: { min: 0 },
  },
  {
    query: { samples: { metric: 'a', statistic: 'min' } },
    threshold: { below: { warn: 10, critical: -20 } },
    range: { max: 40 },
  },
  { query: { samples: { metric: 'a', statistic: 'count' } }, threshold: { above: { warn: 2, critical: 4 } } },
  {
    query: { samples: { metric: 'a', statistic: 'max' } },
    degradation: { direction: 'rise', baseline: { fixed: 10 }, warn: '20%', critical: '50%' },
  },
  {
    query: { samples: { metric: 'a', statistic: 'min' } },
    degradation: { direction: 'drop', baseline: { fixed: 10 }, warn: '20%', critical: '50%' },
  },
);
const earlyRule = fc
  .record({
    kind: kinds,
    for: mOfN,
    samples: fc.constantFrom({}, { minCount: 3 }),
    noData: fc.constantFrom('ok' as const, 'hold' as const, 'alert' as const),
    recover: fc.constantFrom('50%', '80%', '100%'),
  })
  .map(({ kind, ...rest }) => ruleOf({ ...kind, ...rest }));
const value = fc.integer({ min: -40, max: 40 });
const current = fc.constantFrom(undefined, 'warn' as const, 'critical' as const);
/** Samples of the minutes that are over, the latest first, and those of the one that is open. */
const story = fc.record({
  ended: fc.array(fc.array(value, { maxLength: 5 }), { maxLength: 8 }),
  open: fc.array(value, { minLength: 1, maxLength: 6 }),
});

const summaryOf = (values: readonly number[]): Summary =>
  values
    .map((one): Summary => ({ kind: 'values', count: 1, sum: one, min: one, max: one, last: one, lastAt: 0 }))
    .reduce(mergeSummary);

/**
 * The points up to `until` that a rule would be given of samples by minutes, `minutes[0]` the one
 * that begins at `to`.
 */
function pointsOf(rule: AskingRule, minutes: readonly (readonly number[])[], until: number): Point[] {
  const buckets = minutes
    .map((values, back): Bucket | undefined =>
      values.length === 0 ? undefined : { start: to - back * minute, summary: summaryOf(values) },
    )
    .filter((one) => one !== undefined)
    .reverse();
  const query = rule.query.samples;
  const spans: Spans = { first: to - 20 * minute, to: until, step: minute, over: query?.over ?? minute, bucket: minute };
  if (query?.statistic === 'count') return countPoints(buckets, ({ count }) => count, spans, Number.NEGATIVE_INFINITY);
  return valuePoints(buckets, query?.statistic === 'min' ? 'min' : 'max', spans);
}

const end = to + minute;
const openOf = (rule: AskingRule, minutes: readonly (readonly number[])[]): Point | undefined =>
  pointsOf(rule, minutes, end).find(({ at }) => at === end);

describe('judging a step before it has ended', () => {
  it('raises nothing that judging the whole step later would not have raised', () => {
    fc.assert(
      fc.property(earlyRule, story, current, (rule, { ended, open }, current) => {
        expect(isJudgedEarly(rule)).toBe(true);
        const whole = judge(rule, pointsOf(rule, [open, ...ended], end), { now: end, to: end, current });
        for (let n = 1; n <= open.length; n += 1) {
          const soFar = [open.slice(0, n), ...ended];
          const points = pointsOf(rule, soFar, to);
          const without = judge(rule, points, { now: to, to, current });
          const early = judge(rule, points, { now: to, to, current, open: openOf(rule, soFar) });
          const raised = bandOf(early, rule, current);
          if (raised > bandOf(without, rule, current)) expect(bandOf(whole, rule, current)).toBeGreaterThanOrEqual(raised);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('makes no verdict better, and changes none unless the open step breaches', () => {
    fc.assert(
      fc.property(earlyRule, story, current, (rule, { ended, open }, current) => {
        const points = pointsOf(rule, [open, ...ended], to);
        const point = openOf(rule, [open, ...ended]);
        const context = { now: to, to, current };
        const without = judge(rule, points, context);
        const early = judge(rule, points, { ...context, open: point });
        expect(bandOf(early, rule, current)).toBeGreaterThanOrEqual(bandOf(without, rule, current));
        const alone =
          point === undefined
            ? undefined
            : judge({ ...rule, for: { m: 1, n: 1 }, noData: 'ok' }, [point], { ...context, to: end });
        if (alone === undefined || bandOf(alone, rule, undefined) === 0) expect(early).toEqual(without);
      }),
      { numRuns: 1000 },
    );
  });

  it('is thought of whenever the samples that have come could raise a verdict', () => {
    fc.assert(
      fc.property(earlyRule, story, (rule, { ended, open }) => {
        const points = pointsOf(rule, [open, ...ended], to);
        const before = judge(rule, points, { now: to, to, open: openOf(rule, [open.slice(0, -1), ...ended]) });
        const after = judge(rule, points, { now: to, to, open: openOf(rule, [open, ...ended]) });
        if (bandOf(after, rule, undefined) > bandOf(before, rule, undefined))
          expect(mayBreachEarly(rule, summaryOf(open.slice(-1)))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a rule whose breach may be taken back by more data', () => {
  it.each<[string, Parameters<typeof ruleOf>[0]]>([
    ['a mean', { query: { samples: { metric: 'a' } }, threshold: { above: { warn: 1 } } }],
    [
      'a sum, which negative samples lower',
      { query: { samples: { metric: 'a', statistic: 'sum' } }, threshold: { above: { warn: 1 } } },
    ],
    [
      'the largest sample below a bound',
      { query: { samples: { metric: 'a', statistic: 'max' } }, threshold: { below: { warn: 1 } } },
    ],
    [
      'the smallest sample above a bound',
      { query: { samples: { metric: 'a', statistic: 'min' } }, threshold: { above: { warn: 1 } } },
    ],
    ['a count below a bound', { query: { samples: { metric: 'a', statistic: 'count' } }, threshold: { below: { warn: 1 } } }],
    [
      'a baseline that late samples move',
      {
        query: { samples: { metric: 'a', statistic: 'max' } },
        degradation: { direction: 'rise', baseline: { rolling: { window: '1h' } } },
      },
    ],
    [
      'a value that must be sure',
      {
        query: { samples: { metric: 'a', statistic: 'max' } },
        threshold: { above: { warn: 1 } },
        samples: { confidence: '95%' },
      },
    ],
    [
      'a value that may be wrong so often',
      { query: { samples: { metric: 'a', statistic: 'max' } }, threshold: { above: { warn: 1 } }, falseAlarms: '1/month' },
    ],
    [
      'a rule that most steps pass by',
      { query: { samples: { metric: 'a', statistic: 'max' } }, threshold: { above: { warn: 1 } }, every: '10m' },
    ],
    ['a share of predictions', { query: { predictions: { metric: 'accuracy', over: '1h' } }, threshold: { below: { warn: 1 } } }],
  ])('waits for the end of its step: %s', (_, part) => {
    const rule = ruleOf(part);
    expect(isJudgedEarly(rule)).toBe(false);
    const context = { now: to, to };
    expect(judge(rule, [], { ...context, open: { at: end, value: 1000, count: 10 } })).toEqual(judge(rule, [], context));
  });
});

describe('what an early verdict says', () => {
  it('names the value so far and that the step is not over', () => {
    const rule = ruleOf({ query: { samples: { metric: 'latency', statistic: 'max' } }, threshold: { above: { critical: 200 } } });
    const verdict = judge(rule, [{ at: to, value: 10 }], { now: to + 500, to, open: { at: end, value: 1000, count: 1 } });
    expect(verdict).toMatchObject({ status: 'critical', point: { at: end, value: 1000 } });
    expect(verdict.reason).toBe(
      'latency 1000 (critical above 200), 1 of 1 points; the step is not over, and more data cannot take that back',
    );
  });
});
