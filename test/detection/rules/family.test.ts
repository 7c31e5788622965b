import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeFamily, type Member } from '../../../core/detection/evidence/family.ts';
import { judge } from '../../../core/detection/judge.ts';
import { below, drop, minute, pointsOf, ruleOf, to } from './rule.ts';

const sure = { confidence: '95%' };
const rule = drop({ samples: sure });
const context = { now: to, to };
const member = (value: number, count = 200, more: Partial<Member['context']> = {}): Member => ({
  rule,
  points: pointsOf([value], count),
  context: { ...context, ...more },
});
const statuses = (members: Member[]) => judgeFamily(members).map(({ status }) => status);
const well = (count: number): Member[] => Array.from({ length: count }, () => member(0.8));

describe('series that are judged side by side', () => {
  it('are judged as each alone would be where there is only one', () => {
    for (const value of [0.5, 0.69, 0.7, 0.75, 0.8]) {
      const one = member(value);
      expect(judgeFamily([one])).toEqual([judge(one.rule, one.points, one.context)]);
    }
  });

  it('have to be surer the more of them there are', () => {
    // Of 200 samples 0.69 is significantly below the bound of 0.76 by itself: p is 0.010.
    expect(statuses([member(0.69)])).toEqual(['warn']);
    expect(statuses([member(0.69), ...well(1)])[0]).toBe('warn');
    const [doubtful] = judgeFamily([member(0.69), ...well(99)]);
    expect(doubtful).toMatchObject({ status: 'insufficient evidence', judged: true, breaching: 0 });
    expect(doubtful?.reason).toMatch(
      /^not significant: 200 samples, Wilson 99.95% interval 0.\d+-0.\d+ still covers the bound 0.76 \(100 series are tested\)$/,
    );
  });

  it('do not make one wait that is certain, however many they are', () => {
    expect(statuses([member(0.3), ...well(2000)])[0]).toBe('critical');
  });

  it('need less where many of them are bad, which one cause explains', () => {
    const bad = Array.from({ length: 50 }, () => member(0.69));
    expect(new Set(statuses([...bad, ...well(50)]).slice(0, 50))).toEqual(new Set(['warn']));
  });

  it('stay in the band that they are in by their value alone', () => {
    expect(statuses([member(0.74, 200, { current: 'warn' }), ...well(99)])[0]).toBe('warn');
    expect(statuses([member(0.715, 200, { current: 'critical' }), ...well(99)])[0]).toBe('critical');
  });

  it('are a family at each point of M of N', () => {
    const each = drop({ for: '2/3', samples: sure });
    const series = (values: number[]): Member => ({ rule: each, points: pointsOf(values, 200), context });
    const quiet = Array.from({ length: 60 }, () => series([0.8, 0.8, 0.8]));
    expect(statuses([series([0.69, 0.69, 0.69]), ...quiet])[0]).toBe('insufficient evidence');
    expect(statuses([series([0.6, 0.8, 0.6]), ...quiet])[0]).toBe('critical');
  });

  it('count for nothing without samples, and where they are no ratios', () => {
    const counted = ruleOf({ threshold: { above: { warn: 50 } }, samples: sure });
    const huge = (): Member => ({ rule: counted, points: pointsOf([51], 2), context });
    expect(statuses([huge(), huge(), huge()])).toEqual(['warn', 'warn', 'warn']);
    const uncounted: Member = { rule, points: pointsOf([0.69]), context };
    expect(statuses([member(0.69), ...Array.from({ length: 99 }, () => uncounted)])[0]).toBe('warn');
  });

  it('are tested together by a burn rate, too', () => {
    const burning = ruleOf({
      samples: sure,
      burnRate: { objective: '99%', windows: [{ long: '5m', short: '1m', burn: 2, severity: 'critical' }] },
    });
    const of = (share: number): Member => ({ rule: burning, points: pointsOf(Array(5).fill(share), 60), context });
    expect(statuses([of(0.047)])).toEqual(['critical']);
    expect(statuses([of(0.047), ...Array.from({ length: 200 }, () => of(0))])[0]).toBe('insufficient evidence');
    expect(statuses([of(0.3), ...Array.from({ length: 200 }, () => of(0))])[0]).toBe('critical');
  });

  it('never give one more than it has by itself, and take nothing from a verdict that no test made', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    const one = fc.record({
      values: fc.array(value, { minLength: 1, maxLength: 4 }),
      count: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
      current: fc.constantFrom(undefined, 'warn' as const, 'critical' as const),
    });
    const rank = { ok: 0, 'insufficient evidence': 0, 'no data': 0, error: 0, warn: 1, critical: 2 };
    const rules = fc.constantFrom(rule, below({ samples: sure, for: '2/3' }), drop());
    fc.assert(
      fc.property(rules, fc.array(one, { minLength: 1, maxLength: 12 }), (of, series) => {
        const members = series.map(({ values, count, current }) => ({
          rule: of,
          points: pointsOf(values, count),
          context: { ...context, current },
        }));
        const alone = members.map((each) => judge(each.rule, each.points, each.context));
        for (const [place, verdict] of judgeFamily(members).entries()) {
          const own = alone[place] as (typeof alone)[number];
          expect(rank[verdict.status]).toBeLessThanOrEqual(rank[own.status]);
          if (members[place]?.context.current === 'critical' || of.samples.confidence === undefined) expect(verdict).toEqual(own);
          expect(verdict.reason).not.toMatch(/NaN|undefined|Infinity/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('fire by chance no oftener than one series does, though each alone would', () => {
    // Ratios whose true value lies exactly at the bound: the one-sided level is 2.5 %, whatever the
    // number of series.
    let seed = 7;
    const random = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return (seed + 0.5) / 2 ** 32;
    };
    const ratio = (): number => {
      let right = 0;
      for (let i = 0; i < 400; i += 1) if (random() < 0.76) right += 1;
      return right / 400;
    };
    let [together, alone, series] = [0, 0, 0];
    for (let run = 0; run < 300; run += 1) {
      const members = Array.from({ length: 20 }, () => member(ratio(), 400));
      const bad = (verdicts: { status: string }[]): number => verdicts.filter(({ status }) => status === 'warn').length;
      if (bad(judgeFamily(members)) > 0) together += 1;
      if (bad(members.map((each) => judge(each.rule, each.points, each.context))) > 0) alone += 1;
      series += 1;
    }
    expect(together / series).toBeLessThan(0.06);
    expect(alone / series).toBeGreaterThan(0.25);
  });
});

it('judges what came before, at times that do not agree, each among those of its time', () => {
  const shifted: Member = { rule, points: pointsOf([0.69], 200).map((one) => ({ ...one, at: one.at - minute })), context };
  expect(statuses([shifted, ...well(99)])[0]).toBe('warn');
});
