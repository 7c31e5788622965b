import { describe, expect, it } from 'vitest';
import { judge, rangeNeeded } from '../../../core/detection/judge.ts';
import { type AnomalyRuleState, judgeAnomaly } from '../../../core/detection/kinds/anomaly/judge.ts';
import type { RuleOf } from '../../../core/detection/rules/rule-schema.ts';
import type { Verdict } from '../../../core/detection/verdict.ts';
import type { Point } from '../../../core/telemetry/series.ts';
import { samplesOf, stepMs } from '../anomaly/series.ts';
import { type ruleOf, ruleOfKind } from './rule.ts';

type Part = Parameters<typeof ruleOf>[0];
const rule = (more: Part = {}) => ruleOfKind('anomaly', { anomaly: {}, step: '5m', ...more });
const day = 86_400_000;

const judgeRule = (
  of: RuleOf<'anomaly'>,
  points: readonly Point[],
  context: { now: number; to: number },
  state?: AnomalyRuleState,
) => judgeAnomaly(of, points, context, state);

/** Noise around 50, and what `shift` adds to it at a row. */
const noisy = (count: number, shift: (i: number) => number, seed = 1): Point[] =>
  samplesOf(count, (i, noise) => 50 + noise + shift(i), seed);

/** The verdict after each point, every one an evaluation of its own. */
function verdictsOf(points: readonly Point[], of = rule()): Verdict[] {
  let state: AnomalyRuleState | undefined;
  return points.map(({ at }, i) => {
    const result = judgeRule(of, points.slice(Math.max(0, i - 3), i + 1), { now: at, to: at }, state);
    state = result.state;
    return result.verdict;
  });
}

describe('an anomaly rule', () => {
  it('says how far it is with learning, and decides nothing meanwhile', () => {
    const verdicts = verdictsOf(noisy(81, (i) => (i === 40 ? 1e6 : 0)));
    expect(verdicts[11]).toMatchObject({ status: 'insufficient evidence', judged: false });
    expect(verdicts[11]?.reason).toBe('insufficient evidence: learning, 12 of 80 points of accuracy');
    expect(verdicts.map(({ judged }) => judged)).toEqual([...new Array(80).fill(false), true]);
    expect(verdicts[80]?.reason).toMatch(/^accuracy 5\d\.\d+ is like itself: surprise \d(\.\d)?, an anomaly from 4\.5$/);
  });

  const spikeAt = 500;
  const level = (i: number): number => (i >= spikeAt ? 40 : 0);

  it('opens where an anomaly begins, says what it saw and what it expected, and ends as the series gets used to it', () => {
    const verdicts = verdictsOf(noisy(700, level));
    const breaching = verdicts.flatMap(({ status }, i) => (status === 'warn' ? [i] : []));
    expect(breaching[0]).toBe(spikeAt);
    expect(breaching).toEqual(breaching.map((_, i) => spikeAt + i));
    expect(breaching.length).toBeGreaterThan(1);
    expect(breaching.length).toBeLessThan(100);
    const first = verdicts[spikeAt] as Verdict;
    expect(first).toMatchObject({ status: 'warn', judged: true, breaching: 1, looked: 1, baseline: { kind: 'expected' } });
    expect(first.baseline?.value).toBeCloseTo(50, 0);
    expect(first.reason).toMatch(
      /^accuracy: the last 12 samples together are unlike any recent stretch: 9\d\.\d+, where the recent level led to expect 50\.\d+ \(score 0\.8\d, an anomaly from 0\.5\)$/,
    );
    expect(verdicts[spikeAt + 1]?.reason).toMatch(
      / at 2024-01-02 17:40 UTC; still unlike itself with \d+.*: surprise .+, until under 3\.6$/,
    );
  });

  it('is held while the surprise stays at `recover` of the bound: a lower share holds longer, the whole of it less long', () => {
    const lengths = (['100%', '80%', '30%'] as const).map(
      (recover) => verdictsOf(noisy(700, level), rule({ recover })).filter(({ status }) => status === 'warn').length,
    );
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(lengths[2]).toBeGreaterThan(lengths[0] as number);
  });

  it('is critical only if it says so: always, or from a score', () => {
    const worst = (critical: boolean | number | undefined, size: number): string => {
      const statuses = verdictsOf(
        noisy(520, (i) => (i >= spikeAt ? size : 0)),
        rule({ anomaly: critical === undefined ? {} : { critical } }),
      ).map(({ status }) => status);
      return statuses.includes('critical') ? 'critical' : statuses.includes('warn') ? 'warn' : 'ok';
    };
    expect([worst(undefined, 1000), worst(false, 1000), worst(true, 1000)]).toEqual(['warn', 'warn', 'critical']);
    expect([worst(0.7, 1000), worst(0.7, 3)]).toEqual(['critical', 'warn']);
  });

  it('with M of N asks for M points in which an anomaly lasts', () => {
    const statuses = (m: '1/1' | '3/3') => verdictsOf(noisy(520, level), rule({ for: m })).map(({ status }) => status);
    expect(statuses('1/1').indexOf('warn')).toBe(spikeAt);
    expect(statuses('3/3').indexOf('warn')).toBe(spikeAt + 2);
  });

  it('gives the same verdict however the points are divided into evaluations', () => {
    const points = noisy(620, (i) => (i >= spikeAt && i < 510 ? 40 : 0));
    const each = verdictsOf(points);
    for (const i of [90, spikeAt, spikeAt + 3, 600]) {
      const { at } = points[i] as Point;
      expect(judge(rule(), points.slice(0, i + 1), { now: at, to: at })).toEqual(each[i]);
    }
  });

  it('judges twice at one time the same, and leaves the state it was given as it was', () => {
    const points = noisy(spikeAt + 1, level);
    const { at } = points.at(-1) as Point;
    const once = judgeRule(rule(), points, { now: at, to: at });
    const kept = structuredClone(once.state);
    const again = judgeRule(rule(), points, { now: at, to: at }, once.state);
    judgeRule(rule(), [{ at: at + stepMs, value: 1e9 }], { now: at, to: at + stepMs }, once.state);
    expect(again.verdict).toEqual(once.verdict);
    expect(once.state).toEqual(kept);
  });

  it('has no data once its points have stopped', () => {
    const points = noisy(200, () => 0);
    const { at } = points.at(-1) as Point;
    const { state } = judgeRule(rule(), points, { now: at, to: at });
    const later = at + 4 * stepMs;
    expect(judgeRule(rule(), [], { now: later, to: later }, state).verdict).toMatchObject({
      status: 'no data',
      judged: false,
      reason: 'no data: accuracy has no point in the last 20m',
    });
  });

  it('looks at nothing before its lookback, nor after the judged time', () => {
    const points = noisy(400, () => 0);
    const short = rule({ anomaly: { lookback: '1d' } });
    expect([rangeNeeded(rule()), rangeNeeded(short)]).toEqual([14 * day, day]);
    const to = (points[350] as Point).at;
    expect(judgeRule(short, points, { now: to, to }).state.detector).toMatchObject({
      samples: 288,
      lastAt: to,
    });
  });
});

describe('points that say little', () => {
  const points = noisy(200, () => 0);
  const { at } = points.at(-1) as Point;
  const next = at + stepMs;
  const judgeNext = (of: ReturnType<typeof rule>, point: Partial<Point>) => {
    const { state } = judgeRule(of, points, { now: at, to: at });
    return judgeRule(of, [{ at: next, value: 1e6, ...point }], { now: next, to: next }, state);
  };

  it('on fewer samples than minCount decide and teach nothing', () => {
    const { verdict, state } = judgeNext(rule({ samples: { minCount: 50 } }), { count: 4 });
    expect(verdict).toMatchObject({ status: 'insufficient evidence', judged: false });
    expect(verdict.reason).toBe('insufficient evidence: accuracy 1000000 rests on 4 of at least 50 samples (minCount)');
    expect(state.detector.samples).toBe(200);
  });

  it('wait for their labels, while the ones before them are judged', () => {
    const of = rule();
    const { verdict, state } = judgeNext(of, { labelled: 0.4 });
    expect(verdict).toMatchObject({ status: 'ok', judged: true, point: { at } });
    expect(verdict.reason).toMatch(
      /; the point at .+ UTC waits for labels: 40% of its predictions have one, fewer than labelShare 80%$/,
    );
    expect(state.wantedAfter).toBe(next - 1);
    const labelled = [{ at: next, value: 1e6, labelled: 0.9 }];
    expect(judgeRule(of, labelled, { now: next, to: next }, state).verdict.status).toBe('warn');
  });
});

describe('the config of an anomaly rule', () => {
  it('needs nothing, and refuses a lookback that hardly teaches', () => {
    expect(rule().anomaly).toEqual({ critical: false, lookback: 14 * day });
    expect(() => rule({ step: '6h' })).toThrow(/expected room for 160 points, 40d at one every 6h/);
    expect(() => rule({ anomaly: { critical: 0.3 } })).toThrow(/expected true, false or a score from 0.5 to 0.86/);
  });
});
