import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, rangeNeeded } from '../../../core/detection/judge.ts';
import { cleanPoints } from '../../../core/detection/points/points.ts';
import type { Rule } from '../../../core/detection/rules/rule-schema.ts';
import type { Verdict } from '../../../core/detection/verdict.ts';
import type { Point } from '../../../core/telemetry/series.ts';
import { minute, ruleOf, to } from './rule.ts';

const current = fc.constantFrom(undefined, 'warn' as const, 'critical' as const);
const mOfN = fc.integer({ min: 1, max: 6 }).chain((n) => fc.integer({ min: 1, max: n }).map((m) => `${m}/${n}`));
const judging = fc.oneof(
  fc
    .constantFrom('drop' as const, 'rise' as const)
    .map((direction) => ({ degradation: { direction, baseline: { fixed: 0.8 } } })),
  fc.constantFrom('drop' as const, 'rise' as const).map((direction) => ({
    degradation: { direction, baseline: { rolling: { window: '5m', minPoints: 1 } } },
  })),
  fc.constant({ threshold: { above: { warn: 0.3, critical: 0.6 } }, range: { min: 0 } }),
  fc.constant({ threshold: { below: { warn: 0.6, critical: 0.3 } }, range: { max: 1 } }),
  fc.constant({ threshold: { below: { critical: -0.3 } }, range: { min: -1, max: 0 } }),
);
/** Kinds in which what a point is measured against depends on the other points. */
const moving = fc.oneof(
  fc.constantFrom('rise' as const, 'drop' as const, 'either' as const).map((direction) => ({
    rateOfChange: { over: '3m', direction, relative: { warn: '20%', critical: '50%' } },
  })),
  fc.constant({ rateOfChange: { over: '3m', absolute: { warn: 0.1 } } }),
  fc.constantFrom('drop' as const, 'rise' as const).map((direction) => ({
    degradation: { direction, baseline: { seasonal: { season: 'day' as const, periods: 2, minPeriods: 2 } } },
  })),
  fc.constantFrom('drop' as const, 'rise' as const).map((direction) => ({
    degradation: { direction, baseline: { version: { window: '5m', minPoints: 1 } } },
  })),
);
const alone = fc.constantFrom<Parameters<typeof ruleOf>[0]>(
  { burnRate: { objective: '99%', windows: [{ long: '5m', short: '1m', burn: 2, severity: 'critical' as const }] } },
  { absence: { warn: '2m', critical: '5m' } },
  { anomaly: { critical: 0.7 } },
);
const samples = fc.constantFrom({}, { minCount: 20 }, { confidence: '95%' }, { minCount: 20, confidence: '90%' });
const anyRule = fc
  .record({
    judging,
    for: mOfN,
    samples,
    noData: fc.constantFrom('ok' as const, 'hold' as const, 'alert' as const),
    recover: fc.constantFrom('50%', '80%', '100%'),
  })
  .map(({ judging, ...rest }) => ruleOf({ ...judging, ...rest }));
const ratio = fc.double({ min: 0, max: 1, noNaN: true });
const count = fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined });
const slot = fc.integer({ min: 0, max: 14 });
const ratioPoints = fc.uniqueArray(fc.record({ at: slot.map((i) => to - i * minute), value: ratio, count }), {
  selector: (p) => p.at,
  maxLength: 15,
});
const wildValue = fc.oneof(ratio, fc.double(), fc.constantFrom(0, -0, 5e-324, 1.7e308, -1.7e308));
const wildPoints = fc.array(
  fc.record({
    at: fc.oneof(
      slot.map((i) => to - i * minute),
      fc.double(),
    ),
    value: wildValue,
    count: fc.option(fc.double(), { nil: undefined }),
  }),
  { maxLength: 30 },
);

const rank = { ok: 0, 'insufficient evidence': 0, warn: 1, critical: 2, 'no data': 0, error: 0 } as const;
/** What the alert would be at after the verdict: one that was not judged leaves it where it is. */
const effective = (verdict: Verdict, was: 'warn' | 'critical' | undefined): number =>
  verdict.judged ? rank[verdict.status] : rank[was ?? 'ok'];
const isDrop = (rule: Rule): boolean =>
  rule.kind === 'degradation'
    ? rule.degradation.direction === 'drop'
    : rule.kind === 'threshold' && rule.threshold.below !== undefined;

describe('judging by any kind, whatever comes', () => {
  const anyKind = fc.oneof(
    anyRule,
    fc.record({ moving, for: mOfN, samples }).map(({ moving, ...rest }) => ruleOf({ ...moving, ...rest })),
    fc.record({ alone, samples }).map(({ alone, samples }) => ruleOf({ ...alone, samples })),
  );
  const previous = fc.option(
    wildPoints.map((points) => ({ ok: true as const, version: 'a', since: to - 3 * minute, points: cleanPoints(points) })),
    { nil: undefined },
  );

  it('gives finite numbers, a reason in words, and the same again', () => {
    fc.assert(
      fc.property(anyKind, wildPoints, current, previous, (rule, points, current, previous) => {
        const verdict = judge(rule, points, { now: to, to, current, previous });
        expect(judge(rule, points, { now: to, to, current, previous })).toEqual(verdict);
        for (const number of [verdict.point?.value, verdict.degradation, verdict.baseline?.value, verdict.bound]) {
          if (number !== undefined) expect(number).not.toBeNaN();
        }
        expect(verdict.reason).not.toBe('');
        expect(verdict.reason).not.toContain('NaN');
        expect(verdict.reason).not.toContain('undefined');
        expect(rangeNeeded(rule)).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('judging, whatever comes', () => {
  it('never has NaN in a verdict and never throws', () => {
    fc.assert(
      fc.property(anyRule, wildPoints, current, (rule, points, current) => {
        const verdict = judge(rule, points, { now: to, to, current });
        const numbers = [
          verdict.point?.at,
          verdict.point?.value,
          verdict.baseline?.value,
          verdict.degradation,
          verdict.bound,
          verdict.breaching,
          verdict.looked,
        ];
        for (const number of numbers) expect(number).not.toBeNaN();
        expect(verdict.reason).not.toMatch(/NaN|undefined/);
        expect(verdict.reason.length).toBeGreaterThan(10);
      }),
      { numRuns: 1000 },
    );
  });

  it('never judges a worse latest value better', () => {
    fc.assert(
      fc.property(anyRule, ratioPoints, ratio, current, (rule, points, other, current) => {
        const latest = points.toSorted((a, b) => a.at - b.at).at(-1);
        fc.pre(latest !== undefined);
        const worse = isDrop(rule) ? Math.min(latest.value, other) : Math.max(latest.value, other);
        const worsened: Point[] = points.map((p) => (p.at === latest.at ? { ...p, value: worse } : p));
        const context = { now: to, to, current };
        expect(effective(judge(rule, worsened, context), current)).toBeGreaterThanOrEqual(
          effective(judge(rule, points, context), current),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('settles: judging the same points again from the band it gave gives that band', () => {
    fc.assert(
      fc.property(anyRule, ratioPoints, current, (rule, points, current) => {
        const bandOf = (was: 'warn' | 'critical' | undefined): 'warn' | 'critical' | undefined => {
          const verdict = judge(rule, points, { now: to, to, current: was });
          if (!verdict.judged || verdict.status === 'no data') return was;
          return verdict.status === 'warn' || verdict.status === 'critical' ? verdict.status : undefined;
        };
        const first = bandOf(current);
        expect(bandOf(first)).toBe(first);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not change with older points, unless a rolling baseline looks at them', () => {
    fc.assert(
      fc.property(anyRule, ratioPoints, fc.array(ratio, { maxLength: 5 }), current, (rule, points, older, current) => {
        const context = { now: to, to, current };
        const old = older.map((value, i) => ({ at: to - rangeNeeded(rule) - i * minute, value }));
        expect(judge(rule, [...old, ...points], context)).toEqual(judge(rule, points, context));
      }),
      { numRuns: 1000 },
    );
  });

  it('does not depend on the order in which points come', () => {
    fc.assert(
      fc.property(anyRule, ratioPoints, current, (rule, points, current) => {
        const context = { now: to, to, current };
        const sorted = points.toSorted((a, b) => a.at - b.at);
        expect(judge(rule, points, context)).toEqual(judge(rule, sorted, context));
      }),
    );
  });
});
