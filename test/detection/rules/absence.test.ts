import { describe, expect, it } from 'vitest';
import { judge, rangeNeeded } from '../../../core/detection/judge.ts';
import { minute, pointsOf, ruleOf, to } from './rule.ts';

const rule = (more: object = {}) => ruleOf({ absence: { warn: '5m', critical: '15m' }, ...more } as never);
const silentFor = (steps: number) => [1, ...new Array<undefined>(steps).fill(undefined)];

describe('a heartbeat', () => {
  it('is judged by how long it has been silent', () => {
    const statuses = [0, 4, 5, 14, 15, 40].map((steps) => judge(rule(), pointsOf(silentFor(steps)), { now: to, to }).status);
    expect(statuses).toEqual(['ok', 'ok', 'warn', 'warn', 'critical', 'critical']);
    expect(judge(rule(), pointsOf(silentFor(6)), { now: to, to }).reason).toBe(
      'the last point of accuracy came 6m ago (warn from 5m)',
    );
  });

  it('that has no point in range was silent for longer than that', () => {
    const verdict = judge(rule(), [], { now: to, to });
    expect(verdict).toMatchObject({ status: 'critical', judged: true });
    expect(verdict.reason).toBe('no point of accuracy for more than 15m (critical from 15m)');
  });

  it('of a count takes 0 for silence; of any other metric 0 is a value', () => {
    const counting = rule({ query: { samples: { metric: 'beats', statistic: 'count' } } });
    expect(judge(counting, pointsOf([3, 0, 0, 0, 0, 0]), { now: to, to })).toMatchObject({ status: 'warn' });
    expect(judge(rule(), pointsOf([3, 0, 0, 0, 0, 0]), { now: to, to })).toMatchObject({ status: 'ok' });
  });

  it('reads as far back as its longest band', () => {
    expect(rangeNeeded(rule())).toBe(16 * minute);
  });
});
