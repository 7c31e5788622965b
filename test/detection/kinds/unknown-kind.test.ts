import { describe, expect, it } from 'vitest';
import type { BaselineOf } from '../../../core/detection/baselines/schema.ts';
import { baselineKindOf } from '../../../core/detection/baselines/table.ts';
import { judge, rangeNeeded } from '../../../core/detection/judge.ts';
import { historyOf, warmUpOf } from '../../../core/detection/learning.ts';
import { type AskingRule, isAsking, type Rule } from '../../../core/detection/rules/rule-schema.ts';
import { drop, ruleOf, ruleOfKind, to } from '../rules/rule.ts';

/** As a config that a newer version has parsed would hold it. */
const ofTheFuture = { ...ruleOf({ threshold: { above: { warn: 1 } } }), kind: 'plateau' } as unknown as AskingRule;

describe('a rule of a kind that nobody knows', () => {
  it.each([
    ['judged', () => judge(ofTheFuture, [], { now: to, to })],
    ['asked for its history', () => rangeNeeded(ofTheFuture)],
    ['asked what it remembers', () => historyOf(ofTheFuture, undefined)],
    ['asked how long it warms up', () => warmUpOf(ofTheFuture)],
    ['asked whether it asks a source', () => isAsking(ofTheFuture)],
  ])('is refused with its name where it is %s', (_, use) => {
    expect(use).toThrow(new TypeError('unknown rule kind plateau'));
  });

  it('is one of a baseline as well', () => {
    expect(() => baselineKindOf({ kind: 'lunar' } as never)).toThrow(new TypeError('unknown baseline kind lunar'));
  });
});

describe('a parsed rule', () => {
  it('holds the config of its own kind, and no key of another', () => {
    const { kind, degradation, ...rest } = ruleOfKind('degradation', {
      degradation: { direction: 'rise', baseline: { rolling: { window: '1h' } } },
    });
    expect(kind).toBe('degradation');
    expect(degradation.baseline).toEqual({ kind: 'rolling', window: 3_600_000, statistic: 'median', minPoints: 10 });
    expect(Object.keys(rest)).not.toContain('threshold');
  });

  it("has what is a kind's own only once its kind is known, for the compiler", () => {
    const own = (rule: Rule): unknown[] => [
      // @ts-expect-error: a rule of any kind has no degradation that could be asked for.
      rule.degradation,
      // @ts-expect-error: nor a source, for one that rests on alerts asks none.
      rule.source,
    ];
    // @ts-expect-error: of a rolling baseline there is no value.
    const named = (baseline: BaselineOf<'rolling'>): unknown => baseline.value;
    expect(own(drop())).toEqual([expect.anything(), 'a']);
    expect(named({ kind: 'rolling', window: 1, statistic: 'mean', minPoints: 1 })).toBeUndefined();
  });

  it('has no source where it rests on alerts', () => {
    const composite = { composite: { any: [{ rule: 'b' }] } };
    expect(() => ruleOfKind('composite', composite)).toThrow('expected a source in every rule but a composite one');
    expect(isAsking(ruleOfKind('composite', { ...composite, source: undefined, query: undefined }))).toBe(false);
    expect(isAsking(drop())).toBe(true);
  });
});
