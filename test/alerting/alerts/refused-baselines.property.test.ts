import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alert, isActive } from '../../../core/alerting/alerts/alert.ts';
import { mostRefusals, nextRefusal, type SeriesBaseline } from '../../../core/alerting/alerts/refused-baselines.ts';
import { warmUpOf } from '../../../core/detection/learning.ts';
import { asRuleId } from '../../../core/vocabulary/ids.ts';
import { ruleOf } from '../../detection/rules/rule.ts';

const hour = 3_600_000;
const rolling = { direction: 'drop', baseline: { rolling: { window: '10h' } } } as const;
const rule = ruleOf({ degradation: rolling, refusedFor: '5h', step: '1h' });
const subject = {
  ruleId: asRuleId('r'),
  rule,
  labels: { model: 'm' },
  category: 'pipeline',
  groupBy: ['model'],
  aboutRule: true,
} as const;

/** What a tick finds of each of a few series: refused, undecided, or nothing wrong. */
const ticks = fc.array(fc.array(fc.constantFrom('refused', 'undecided', 'fine'), { minLength: 3, maxLength: 3 }), {
  maxLength: 40,
});
const foundIn = (tick: readonly string[]): SeriesBaseline[] =>
  tick.flatMap((state, n): SeriesBaseline[] =>
    state === 'fine'
      ? []
      : [{ key: `s${n}`, series: `host=${n}`, ...(state === 'refused' ? { refused: 'too few' } : { undecided: true as const }) }],
  );

function run(found: readonly (readonly SeriesBaseline[])[]): (Alert | undefined)[] {
  let alert: Alert | undefined;
  return found.map((one, n) => {
    const step = nextRefusal(alert, one, subject, n * hour);
    if (step.change !== undefined) alert = step.alert?.state === 'resolved' ? undefined : step.alert;
    return alert;
  });
}

describe('the alert about refused baselines', () => {
  it('fires exactly once one series has been refused for refusedFor without a usable baseline between', () => {
    fc.assert(
      fc.property(ticks, (all) => {
        const alerts = run(all.map(foundIn));
        const since: (number | undefined)[] = [undefined, undefined, undefined];
        let firing = false;
        for (const [n, tick] of all.entries()) {
          for (const [i, state] of tick.entries()) {
            if (state === 'fine') since[i] = undefined;
            else if (state === 'refused') since[i] ??= n;
          }
          const isLong = (i: number): boolean => n - (since[i] ?? Number.POSITIVE_INFINITY) >= 5;
          firing = firing ? [0, 1, 2].some(isLong) : [0, 1, 2].some((i) => isLong(i) && tick[i] === 'refused');
          const alert = alerts[n];
          expect(alert !== undefined && isActive(alert)).toBe(firing);
          const oldest = Math.min(...since.map((at) => at ?? Number.POSITIVE_INFINITY));
          expect(alert?.since).toBe(oldest === Number.POSITIVE_INFINITY ? undefined : oldest * hour);
        }
      }),
    );
  });

  it('never fires for series that each warm up in time, however many come one after the other', () => {
    const found = Array.from({ length: 60 }, (_, n): SeriesBaseline[] =>
      [0, 1, 2, 3].map((back) => ({ key: `s${n - back}`, series: `s${n - back}`, refused: 'too few' })),
    );
    expect(run(found).every((alert) => alert === undefined || !isActive(alert))).toBe(true);
  });

  it('stays of a bounded size, and is written only where the set of series changes', () => {
    const many = Array.from(
      { length: 5000 },
      (_, n): SeriesBaseline => ({ key: `s${n}`, series: 'x'.repeat(2000), refused: 'y'.repeat(2000) }),
    );
    const first = nextRefusal(undefined, many, subject, 0);
    expect(Object.keys(first.alert?.refusals ?? {})).toHaveLength(mostRefusals);
    expect(JSON.stringify(first.alert).length).toBeLessThan(40_000);
    expect(nextRefusal(first.alert, many, subject, hour).change).toBeUndefined();
    const fired = nextRefusal(first.alert, many, subject, 5 * hour);
    expect(fired).toMatchObject({ change: 'fired', alert: { state: 'firing', severity: 'warn', category: 'pipeline' } });
    expect(nextRefusal(fired.alert, many, subject, 6 * hour).change).toBeUndefined();
    expect(nextRefusal(fired.alert, [], subject, 7 * hour)).toMatchObject({
      change: 'resolved',
      alert: { state: 'resolved', reason: 'every baseline of the rule is usable again' },
    });
  });

  it('says of what, since when and why', () => {
    const one: SeriesBaseline = { key: 'a', series: 'host=a', refused: 'baseline refused: 3 points in the 10h before' };
    const later: SeriesBaseline = { key: 'b', series: 'host=b', refused: 'baseline refused: it is 0' };
    const begun = nextRefusal(undefined, [one], subject, 0);
    const joined = nextRefusal(begun.alert, [one, later], subject, 3 * hour);
    expect(nextRefusal(joined.alert, [one, later], subject, 6 * hour).alert?.reason).toBe(
      'judges nothing of host=a since 1970-01-01 00:00 UTC (6h): baseline refused: 3 points in the 10h before; also 1 more series',
    );
  });

  it('changes nothing by a verdict that is older than the alert', () => {
    const one: SeriesBaseline = { key: 'a', series: 'a', refused: 'no' };
    const begun = nextRefusal(undefined, [one], subject, 10 * hour);
    expect(nextRefusal(begun.alert, [], subject, 10 * hour).change).toBeUndefined();
  });
});

describe('the warm-up of a baseline', () => {
  it('is as long as it looks back, and an hour for one that is named', () => {
    const of = (baseline: object) =>
      warmUpOf(ruleOf({ degradation: { direction: 'drop', baseline } as never, step: '1h' })) / hour;
    expect(of({ rolling: { window: '10h' } })).toBe(14);
    expect(of({ seasonal: { season: 'day', periods: 4 } })).toBe(4 * 24 + 2 + 4);
    expect(of({ version: { window: '14d' } })).toBe(14 * 24 + 4);
    expect(of({ training: {} })).toBe(1);
    expect(of({ fixed: 1 })).toBe(1);
  });
});
