import { describe, expect, it } from 'vitest';
import { versionBaseline } from '../../../core/detection/baselines/version.ts';
import { judge } from '../../../core/detection/judge.ts';
import type { Previous } from '../../../core/telemetry/series.ts';
import { minute, pointsOf, ruleOf, to } from './rule.ts';

const config = { window: 10 * minute, statistic: 'median' as const, minPoints: 3 };
const since = to - 4 * minute;
/** Version a at 0.9, and at 0.1 from when b came. */
const previous: Previous = {
  ok: true,
  version: 'a',
  since,
  points: pointsOf([0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1], 100),
};

describe('a baseline of the version before', () => {
  it('is what that one was like before this one came', () => {
    expect(versionBaseline(config, previous, to, [], undefined)).toEqual({
      ok: true,
      baseline: {
        kind: 'version',
        value: 0.9,
        version: 'a',
        statistic: 'median',
        points: 7,
        from: since - 10 * minute,
        to: since,
      },
    });
  });

  it('is refused where there is none, where it had too few samples, and where it was degraded itself', () => {
    expect(versionBaseline(config, { ok: false, reason: 'no version was seen before a' }, to, [], undefined)).toEqual({
      ok: false,
      reason: 'baseline refused: no version was seen before a',
    });
    expect(versionBaseline(config, previous, to, [], undefined, 500)).toEqual({
      ok: false,
      reason:
        'baseline refused: version a before this one: 0 points in the 10m before (7 more rest on fewer than 500 samples), expected at least 3',
    });
    expect(versionBaseline(config, previous, to, [{ from: 0, to }], undefined)).toMatchObject({ ok: false });
  });

  it('is refused when it is stale', () => {
    expect(versionBaseline({ ...config, maxAge: 2 * minute }, previous, to, [], undefined)).toEqual({
      ok: false,
      reason: 'baseline refused: version a before this one: its newest point is 4m old, more than maxAge 2m',
    });
  });

  it('judges this version, and names the one it is compared with', () => {
    const rule = ruleOf({
      query: { predictions: { metric: 'accuracy', over: '1m', by: ['version'] } },
      degradation: { direction: 'drop', baseline: { version: { window: '10m', minPoints: 3 } } },
    });
    const verdict = judge(rule, pointsOf([0.7], 100), { now: to, to, previous });
    expect(verdict).toMatchObject({ status: 'critical', baseline: { kind: 'version', version: 'a', value: 0.9 } });
    expect(verdict.reason).toBe('accuracy 0.7 is 22.2% below the baseline 0.9 of version a (critical from 10%), 1 of 1 points');
    expect(judge(rule, pointsOf([0.7], 100), { now: to, to })).toMatchObject({ status: 'insufficient evidence', judged: false });
  });
});
