import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { judge } from '../../../core/detection/judge.ts';
import { compareFeatures } from '../../../core/detection/kinds/drift/compare-features.ts';
import { judgeDrift } from '../../../core/detection/kinds/drift/judge.ts';
import { commonKindOf } from '../../../core/detection/kinds/table.ts';
import type { RuleInput } from '../../../core/detection/rules/parse-rule.ts';
import type { AskingRule } from '../../../core/detection/rules/rule-schema.ts';
import { type FeatureValue, profileOf } from '../../../core/telemetry/profiles/profile.ts';
import { errorsOf, rule as written } from '../../config/errors-of.ts';
import { randomOf } from '../reference/random.ts';
import { pointsOf, ruleOf, ruleOfKind, to } from './rule.ts';

const statusAt = (rule: AskingRule, value: number, current: 'warn' | 'critical') =>
  judge(rule, pointsOf([value]), { now: to, to, current }).status;

/** Where each band ends, the lowest first. */
const endsOf = (part: Partial<RuleInput>): unknown[] => {
  const rule = ruleOf(part);
  return commonKindOf(rule)
    .recovery(rule)
    .map(({ values }) => values?.ends);
};

describe('a threshold ends', () => {
  const accuracy = { query: { predictions: { metric: 'accuracy', over: '1h' } } } as const;
  const samples = (statistic: 'mean' | 'count') => ({ query: { samples: { metric: 'm', statistic } } }) as const;

  test.each<[string, Partial<RuleInput>, unknown[]]>([
    ['within 80 % of the room, seen from the good end', { ...accuracy, threshold: { below: { warn: 0.9 } } }, [0.92]],
    ['there also where the bound is close to the end', { ...accuracy, threshold: { below: { warn: 0.99 } } }, [0.992]],
    ['at the bound where that is the good end', { ...accuracy, threshold: { below: { warn: 1 } } }, [1]],
    ['for each band by its own room', { ...accuracy, threshold: { below: { warn: 0.9, critical: 0.8 } } }, [0.92, 0.84]],
    ['above by the same rule', { ...samples('count'), threshold: { above: { warn: 500 } } }, [400]],
    ['at 0 where the bound is 0 and nothing is below', { ...samples('count'), threshold: { above: { warn: 0 } } }, [0]],
    ['by a declared end', { ...samples('mean'), range: { max: 1 }, threshold: { below: { warn: 0 } } }, [0.2]],
    [
      'by the room alone, however far from zero the metric is',
      { ...samples('mean'), range: { min: 9007199254740980 }, threshold: { above: { warn: 9007199254740990 } } },
      [9007199254740988],
    ],
    [
      'at a decimal as it is written, however small the room is',
      { ...samples('mean'), range: { max: 100 }, threshold: { below: { warn: 99.999 } } },
      [99.9992],
    ],
    ['by the share that the rule says', { ...accuracy, recover: '50%', threshold: { below: { warn: 0.9 } } }, [0.95]],
    ['at the bound where no end is known', { ...samples('mean'), threshold: { below: { warn: 0.9 } } }, [0.9]],
    ['at a bound of 0 where no end is known', { ...samples('mean'), threshold: { below: { warn: 0 } } }, [0]],
    ['at a negative bound where no end is known', { ...samples('mean'), threshold: { above: { critical: -5 } } }, [-5]],
    ['at a value of its own', { ...samples('mean'), threshold: { below: { warn: 0.9, recover: 0.97 } } }, [0.97]],
    [
      'at that value from warn, and from critical by the bound',
      { ...samples('mean'), threshold: { above: { warn: 10, critical: 20, recover: 5 } } },
      [5, 20],
    ],
    [
      'at a value for each band',
      { ...samples('mean'), threshold: { above: { warn: 10, critical: 20, recover: { warn: 5, critical: 12 } } } },
      [5, 12],
    ],
  ])('%s', (_, part, ends) => expect(endsOf(part)).toEqual(ends));

  it('as far into the room as the rule says, of numbers of any size', () => {
    const end = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });
    fc.assert(
      fc.property(end, fc.integer({ min: 1, max: 1000 }), fc.boolean(), (good, tens, isAbove) => {
        const warn = isAbove ? good + 10 * tens : good - 10 * tens;
        const threshold = isAbove ? { above: { warn } } : { below: { warn } };
        const range = isAbove ? { min: good } : { max: good };
        expect(endsOf({ ...samples('mean'), range, threshold })).toEqual([isAbove ? good + 8 * tens : good - 8 * tens]);
      }),
    );
  });

  it('says that no good end is known only where none is', () => {
    const notes = (range: object) => {
      const rule = ruleOf({ ...samples('mean'), recover: '100%', threshold: { below: { warn: 0.9 } }, ...range });
      return commonKindOf(rule)
        .recovery(rule)
        .filter(({ note }) => note !== undefined).length;
    };
    expect([notes({}), notes({ range: { max: 1 } })]).toEqual([1, 0]);
  });

  it('where a value can always come: at the good end, or at the bound where none is known', () => {
    const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const end = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: undefined });
    const current = fc.constantFrom('warn' as const, 'critical' as const);
    fc.assert(
      fc.property(bound, end, fc.boolean(), current, (warn, good, isAbove, band) => {
        fc.pre(good === undefined || (isAbove ? good <= warn : good >= warn));
        const critical = isAbove ? warn + 1 : warn - 1;
        const bounds = { warn, critical };
        const rule = ruleOf({
          threshold: isAbove ? { above: bounds } : { below: bounds },
          ...(good === undefined ? {} : { range: isAbove ? { min: good } : { max: good } }),
        });
        expect(statusAt(rule, good ?? warn, band)).toBe('ok');
        for (const { values } of commonKindOf(rule).recovery(rule)) {
          const side = isAbove ? 1 : -1;
          expect(side * ((values?.ends ?? Number.NaN) - (values?.begins ?? Number.NaN))).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('exactly at its recovery value, and not a little before', () => {
    const rule = ruleOf({ ...accuracy, threshold: { below: { critical: 0.9 } } });
    expect(statusAt(rule, 0.9199, 'critical')).toBe('critical');
    expect(statusAt(rule, 0.92, 'critical')).toBe('ok');
  });

  test.each([
    [
      'beyond the good end',
      { threshold: '{ below: { warn: 0.9, recover: 1.08 } }' },
      'f.yaml:7:38: rules.acc.threshold.below.recover: expected a value that the metric can have, which ends at 1; received 1.08: an alert would never end',
    ],
    [
      'past the bound',
      { threshold: '{ below: { warn: 0.9, recover: 0.8 } }' },
      'f.yaml:7:38: rules.acc.threshold.below.recover: expected a value above the bound 0.9, or the bound; received the number 0.8',
    ],
    [
      'of a band that is not there',
      { threshold: '{ below: { warn: 0.9, recover: { critical: 0.95 } } }' },
      'f.yaml:7:59: rules.acc.threshold.below.recover.critical: expected no value for critical, a band that is not there to leave; remove this key, or add `critical`',
    ],
    [
      'said twice',
      { threshold: '{ below: { warn: 0.9, recover: 0.95 } }', recover: '50%' },
      'f.yaml:9:14: rules.acc.recover: expected one of `recover` and `threshold.below.recover`, which both say where an alert ends; remove one of them',
    ],
    [
      'that is a share of nothing',
      { source: 'cpu', query: '{ samples: { metric: m } }', recover: '50%', step: '1m' },
      'f.yaml:9:14: rules.acc.recover: expected a value instead of a share, because the best value of this metric is not known; write the value at which an alert ends as `threshold.below.recover`, or the best value of the metric as `range: { max: ... }`',
    ],
  ])('and `check` refuses an end %s', (_, keys, message) => {
    expect(errorsOf(written(keys)).join()).toContain(message);
  });
});

it('of a kind that ends at once is no share of anything', () => {
  const beat = `rules:\n  beat:\n    source: cpu\n    query: { samples: { metric: beat } }\n    category: pipeline\n    absence: { warn: 5m }\n    recover: 50%\n    runbook: accuracy-drop\n`;
  expect(errorsOf(beat)).toEqual([
    'f.yaml:7:14: rules.beat.recover: expected no share of a bound: an alert of the kind absence ends at once, with what it is about; remove this key; received "50%"',
  ]);
});

describe('an alert of any other kind can end, too:', () => {
  it('a change is over where the value has come to rest at 0', () => {
    const rule = ruleOf({ rateOfChange: { over: '5m', direction: 'rise', relative: { warn: '20%' } } });
    const verdict = judge(rule, pointsOf([0, 0, 0, 0, 0, 0]), { now: to, to, current: 'warn' });
    expect(verdict).toMatchObject({ status: 'ok', judged: true });
    expect(verdict.bound).toBeUndefined();
  });

  it('a burn rate is over where there are no errors, however small the budget', () => {
    const windows = [{ long: '5m', short: '1m', burn: 2, severity: 'critical' as const }];
    const rule = ruleOf({ burnRate: { objective: 0.999_999_999_999_9, windows } });
    expect(judge(rule, pointsOf([0, 0, 0, 0, 0]), { now: to, to })).toMatchObject({ status: 'ok' });
    expect(judge(rule, pointsOf([0, 0, 0, 0, 0]), { now: to, to, current: 'critical' })).toMatchObject({ status: 'ok' });
  });

  it('drift is over where there is none, however few values there are', () => {
    const rule = ruleOfKind('drift', { drift: { baseline: { rolling: { window: '1d' } } } });
    const baseline = Array.from({ length: 2000 }, (_, i) => (i * 7919) % 1000);
    const random = randomOf(7);
    /** Sixty of the same values, whose PSI by chance alone is about 0.15. */
    const day = (): FeatureValue[] => Array.from({ length: 60 }, () => random.whole(0, 999));
    const ends = Array.from({ length: 20 }, () => {
      const input = {
        at: to,
        current: profileOf(day()),
        baseline: { what: 'before', parts: [{ from: to - 2, to: to - 1, profile: profileOf(baseline) }] },
      };
      const [finding] = compareFeatures([{ config: rule.drift, input }]);
      return judgeDrift(rule, finding, { now: to, to, current: 'critical' });
    });
    expect(ends.filter(({ point }) => (point?.value ?? 0) > 0.08).length).toBeGreaterThan(15);
    expect(ends.filter(({ status }) => status === 'ok').length).toBeGreaterThan(4);
  });
});

it('is told by every rule for each of its bands', () => {
  const rules: Partial<RuleInput>[] = [
    { degradation: { direction: 'drop', baseline: { fixed: 0.8 } } },
    { degradation: { direction: 'drop', baseline: { rolling: { window: '1d' } } } },
    { rateOfChange: { over: '5m', absolute: { warn: 5 } } },
    { burnRate: { objective: '99%' } },
    { absence: { warn: '5m', critical: '10m' } },
    { anomaly: {} },
  ];
  const told = rules.map((part) => {
    const rule = ruleOf(part);
    return commonKindOf(rule)
      .recovery(rule)
      .map(({ severity, begins, ends }) => `${severity}: ${begins}; ${ends}`);
  });
  expect(told).toEqual([
    [
      'warn: 5% below the baseline 0.8; less than 4% below it, at 0.768',
      'critical: 10% below the baseline 0.8; less than 8% below it, at 0.736',
    ],
    ['warn: 5% below the baseline; less than 4% below it', 'critical: 10% below the baseline; less than 8% below it'],
    ['warn: a change of 5 in 5m; less than 4'],
    [
      'critical: 14.4% of errors (14.4 times the budget) over 1h and 5m; less than 11.5% over either',
      'warn: 6% of errors (6 times the budget) over 6h and 30m; less than 4.8% over either',
    ],
    ['warn: 5m without a point; the first point', 'critical: 10m without a point; the first point'],
    ['warn: surprise 4.5; below 3.6'],
  ]);
});
