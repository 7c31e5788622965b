import { describe, expect, it } from 'vitest';
import { judge, rangeNeeded } from '../../../core/detection/judge.ts';
import { minute, pointsOf, ruleOf, to } from './rule.ts';

const change = (more: object, rest: object = {}) => ruleOf({ rateOfChange: { over: '5m', ...more }, ...rest } as never);
const relative = { relative: { warn: '20%', critical: '50%' } };
const at = (rule: ReturnType<typeof ruleOf>, values: (number | undefined)[], current?: 'warn' | 'critical') =>
  judge(rule, pointsOf(values), { now: to, to, current });

describe('a rule on the rate of change', () => {
  it('compares a point with the one a span before', () => {
    const verdict = at(change(relative), [100, 1, 1, 1, 1, 160]);
    expect(verdict).toMatchObject({
      status: 'critical',
      baseline: { kind: 'earlier', value: 100, from: to - 5 * minute },
      bound: 150,
    });
    expect(verdict.reason).toBe('accuracy 160 is 60% above 100, what it was 5m before (critical from 50%), 1 of 1 points');
    expect(at(change(relative), [100, 100, 100, 100, 100, 119])).toMatchObject({ status: 'ok', judged: true });
    expect(at(change(relative), [100, 100, 100, 100, 100, 70])).toMatchObject({ status: 'warn' });
  });

  it('looks one way only where it is told to', () => {
    expect(at(change({ ...relative, direction: 'rise' }), [100, 9, 9, 9, 9, 10])).toMatchObject({ status: 'ok' });
    expect(at(change({ ...relative, direction: 'drop' }), [100, 9, 9, 9, 9, 10])).toMatchObject({ status: 'critical' });
  });

  it('may be absolute, also from zero and through it', () => {
    const rule = change({ absolute: { warn: 5 } });
    expect(at(rule, [0, 1, 1, 1, 1, 4])).toMatchObject({ status: 'ok' });
    const verdict = at(rule, [-2, 1, 1, 1, 1, 4]);
    expect(verdict).toMatchObject({ status: 'warn', bound: 3 });
    expect(verdict.reason).toBe('accuracy 4 was -2 5m before (warn from a change of 5), 1 of 1 points');
  });

  it('leaves open what has nothing to be compared with', () => {
    expect(at(change(relative), [undefined, undefined, 1, 1, 9])).toMatchObject({
      status: 'insufficient evidence',
      judged: false,
      reason: 'accuracy: no point 5m before to compare with',
    });
    expect(at(change(relative), [0, 1, 1, 1, 1, 4])).toMatchObject({
      judged: false,
      reason: 'accuracy: it was 0 5m before, and a relative change from 0 has no size; use `absolute`',
    });
    // An earlier point that cannot be judged counts as unknown, which holds an alert.
    const two = change(relative, { for: '2/2' });
    expect(at(two, [undefined, 100, 100, 100, 100, 160, 100], 'warn')).toMatchObject({ status: 'ok' });
  });

  it('has hysteresis: an alert ends below 80% of the change', () => {
    expect(at(change(relative), [100, 1, 1, 1, 1, 145], 'critical')).toMatchObject({ status: 'critical' });
    expect(at(change(relative), [100, 1, 1, 1, 1, 139], 'critical')).toMatchObject({ status: 'warn' });
  });

  it('reads far enough back', () => {
    expect(rangeNeeded(change(relative))).toBeGreaterThanOrEqual(8 * minute);
  });
});
