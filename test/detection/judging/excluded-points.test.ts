import { describe, expect, it } from 'vitest';
import { nextRefusal } from '../../../core/alerting/alerts/refused-baselines.ts';
import { asRuleId } from '../../../core/vocabulary/ids.ts';
import { minute } from '../../scenario/harness.ts';
import { ruleOf } from '../rules/rule.ts';
import { again, every, run, storyOf } from './story.ts';

type Rolling = { window: string; statistic?: 'mean' | 'median'; minPoints?: number; maxAge?: string };
const rolling = (direction: 'drop' | 'rise', baseline: Rolling, more: object = {}) => ({
  degradation: { direction, baseline: { rolling: baseline } },
  ...more,
});

describe('what was normal before an alert', () => {
  it('is what a relapse is measured against, soon after it resolved', async () => {
    const values = run([60, 0.9], [70, 0.7], [3, 0.9], [180, 0.7]);
    const { bands, aboutRule } = await storyOf(rolling('drop', { window: '1h' }), values);
    expect(bands).toEqual(['1:01 critical', '2:11 well', '2:14 critical']);
    expect(aboutRule).toEqual([]);
  });

  it('is so by the hour, too', async () => {
    const values = run([24, 0.9], [28, 0.7], [3, 0.9], [72, 0.7]);
    const { bands } = await storyOf(rolling('drop', { window: '1d' }, { step: '1h' }), values);
    expect(bands).toEqual(['25:00 critical', '53:00 well', '56:00 critical']);
  });

  it('is so after a second and a third alert', async () => {
    const values = run([60, 0.9], [70, 0.7], [3, 0.9], [70, 0.7], [3, 0.9], [70, 0.7]);
    const { bands } = await storyOf(rolling('drop', { window: '1h' }), values);
    expect(bands).toEqual(['1:01 critical', '2:11 well', '2:14 critical', '3:24 well', '3:27 critical']);
  });

  it('is so where all that is left is too old', async () => {
    const values = run([60, 0.9], [20, 0.7], [3, 0.9], [60, 0.7]);
    const { bands } = await storyOf(rolling('drop', { window: '1h', maxAge: '2m' }), values);
    expect(bands).toEqual(['1:01 critical', '1:21 well', '1:24 critical']);
  });

  it('is so for the hour of the day, where the days before were those of an alert', async () => {
    const daily = { seasonal: { season: 'day' as const, periods: 4, minPeriods: 3 } };
    const day = (factor: number) => Array.from({ length: 24 }, (_, hour) => factor * (100 + 10 * hour));
    const values = [...again(4, day(1)), ...again(3, day(0.5)), ...day(1).slice(0, 6), ...again(2, day(0.5)).slice(6)];
    const rule = { step: '1h', degradation: { direction: 'drop' as const, baseline: daily } };
    const { bands } = await storyOf(rule, values, { ticks: every(60 * minute, values.length * 60 * minute, 1000) });
    expect(bands).toEqual(['97:00:01 critical', '169:00:01 well', '175:00:01 critical']);
  });

  it('no longer is once the window holds enough other points', async () => {
    const values = run([60, 0.9], [70, 0.7], [60, 1], [10, 0.94]);
    const { bands } = await storyOf(rolling('drop', { window: '1h' }), values);
    expect(bands).toEqual(['1:01 critical', '2:11 well', '3:11 warn']);
  });
});

describe('the points of an alert', () => {
  it.each([0, 1000, 30_000, 59_999])('stay out of its mean when each tick comes %d ms late', async (late) => {
    const values = run([30, 100], [1, 20000], [3, 100], [10, 300]);
    const { alerts } = await storyOf(rolling('rise', { window: '30m', statistic: 'mean' }), values, { late });
    const firing = alerts.flatMap(({ alert }, place) => (alert?.state === 'firing' ? [place + 1] : []));
    expect(firing).toEqual([31, ...Array.from({ length: 10 }, (_, i) => 35 + i)]);
    expect(alerts.at(-1)?.alert?.baseline).toMatchObject({ value: 100 });
  });

  it('stay out of it where the source lags', async () => {
    const values = run([30, 100], [1, 20000], [3, 100], [10, 300]);
    const { bands } = await storyOf(rolling('rise', { window: '30m', statistic: 'mean' }), values, { lag: '10m', late: 2000 });
    expect(bands).toEqual(['0:41:02 critical', '0:42:02 well', '0:45:02 critical']);
  });

  it('stay out of it where several ticks come at once, and others not at all', async () => {
    const values = run([30, 100], [1, 20000], [3, 100], [10, 300]);
    const ticks = [29, 29.1, 31.5, 31.6, 31.7, 34.2, 34.3, 38, 38.5, 38.6].map((at) => at * minute);
    const { bands } = await storyOf(rolling('rise', { window: '30m', statistic: 'mean' }), values, { ticks });
    expect(bands).toEqual(['0:31:30 critical', '0:34:12 well', '0:38 critical']);
  });

  it('stay out of it where the rule is evaluated once an hour', async () => {
    const rule = rolling('drop', { window: '3h' }, { step: '5m', every: '1h', for: '6/12' });
    const values = run([48, 1000], [36, 200], [24, 1000], [24, 300]);
    const { bands, alerts } = await storyOf(rule, values, { late: 1000 });
    expect(bands).toEqual(['5:00:01 critical', '8:00:01 well', '10:00:01 critical']);
    expect(alerts.at(-1)?.alert?.baseline).toMatchObject({ value: 1000 });
  });

  it('count from where it began, also where no evaluation looked at that', async () => {
    // One point an hour is judged; those between are read for the mean.
    const rule = rolling('drop', { window: '2h', statistic: 'mean' }, { step: '5m', every: '1h' });
    const values = run([24, 1000], [36, 200], [23, 1000], [1, 850]);
    const { alerts } = await storyOf(rule, values, { late: 1000 });
    expect(alerts.at(-1)?.alert).toMatchObject({ state: 'firing', baseline: { value: 1000 } });
  });

  it('count to where it ended, also where no evaluation looked at that', async () => {
    const rule = rolling('drop', { window: '1h', statistic: 'mean' });
    const values = run([60, 1000], [40, 200], [20, 1000], [3, 850]);
    const ticks = [...every(minute, 61 * minute), ...[115, 120, 121, 122, 123].map((at) => at * minute)];
    const { bands, alerts } = await storyOf(rule, values, { ticks });
    expect(bands).toEqual(['1:01 critical', '1:55 well', '2:01 critical']);
    expect(alerts.at(-1)?.alert).toMatchObject({ baseline: { value: 1000 } });
  });

  it('count to the point that was judged when it ended', async () => {
    const rule = rolling('rise', { window: '10m', statistic: 'mean', minPoints: 1 }, { keepFiring: '3m' });
    const { alerts, bands } = await storyOf(rule, run([20, 100], [1, 300], [8, 103], [1, 150]), { late: 1000 });
    expect(bands).toEqual(['0:21:01 critical', '0:25:01 well', '0:30:01 critical']);
    // Of the ten points before it, one is from before the alert, and four from after it.
    expect(alerts.at(-1)?.alert?.baseline).toMatchObject({ points: 5, value: 102.4 });
  });

  it('count to where it ended where silence ends it', async () => {
    const rule = rolling('drop', { window: '1h', statistic: 'mean' }, { noData: 'ok' });
    const values = run([60, 1000], [20, 200], [10, undefined], [3, 1000], [5, 850]);
    const { bands, alerts } = await storyOf(rule, values);
    expect(bands).toEqual(['1:01 critical', '1:24 well', '1:34 critical']);
    expect(alerts.at(-1)?.alert).toMatchObject({ baseline: { value: 1000 } });
  });

  it('stay out of it for as long as a window can reach them, also where that is far less than N steps', async () => {
    const rule = rolling('drop', { window: '10m', minPoints: 5, statistic: 'mean' }, { for: '5/60' });
    const values = run([70, 100], [10, 10], [55, 100], [66, 100], [8, 85]);
    const { alerts, bands } = await storyOf(rule, values);
    expect(bands[0]).toBe('1:15 critical');
    const after = alerts.filter(({ alert }) => alert?.state === 'firing').map(({ alert }) => alert?.baseline);
    expect(new Set(after.map((baseline) => baseline?.value))).toEqual(new Set([100]));
  });
});

describe('points past a bound that fired nothing', () => {
  it('do not blind a rule that was pending for long', async () => {
    const rule = rolling('drop', { window: '1h' }, { for: '2/5' });
    const values = [...run([60, 0.9]), ...again(20, run([4, 0.9], [1, 0.5])), ...run([3, 0.5], [5, 0.9], [60, 0.5])];
    const { bands } = await storyOf(rule, values);
    expect(bands).toEqual(['2:41 critical', '2:47 well', '2:50 critical']);
  });

  it('are points like any other', async () => {
    const rule = rolling('rise', { window: '10m', statistic: 'mean' }, { for: '2/3' });
    const { alerts } = await storyOf(rule, run([20, 100], [1, 300], [5, 100], [3, 140]));
    expect(alerts.at(-1)?.alert).toMatchObject({ state: 'firing', baseline: { value: 120 } });
  });
});

describe('what was normal before an alert, where little is left', () => {
  it('is kept through a silence longer than the window', async () => {
    const values = run([60, 0.9], [70, 0.7], [3, 0.9], [120, undefined], [30, 0.7]);
    const { bands } = await storyOf(rolling('drop', { window: '1h' }), values);
    expect(bands).toEqual(['1:01 critical', '2:11 well', '4:14 critical']);
  });

  it('is kept while a relapse is only pending', async () => {
    const rule = rolling('drop', { window: '1h' }, { for: '3/5' });
    const values = run([60, 0.9], [70, 0.7], [5, 0.9], [60, 0.7]);
    const { bands } = await storyOf(rule, values, { late: 7000 });
    expect(bands).toEqual(['1:03:07 critical', '2:13:07 well', '2:18:07 critical']);
  });

  it('is forgotten with the alert once the series has a norm of its own again, and nothing is stored of it', async () => {
    const { alerts } = await storyOf(rolling('drop', { window: '1h' }), run([60, 0.9], [70, 0.7], [90, 0.9]));
    expect(alerts.at(-1)?.alert).toBe(undefined);
    expect(alerts[150]?.alert).toMatchObject({ state: 'resolved', pinned: true });
  });

  it('is forgotten in the end where the series never comes again', async () => {
    const ticks = [...every(minute, 140 * minute), ...every(60 * minute, 40 * 60 * minute).filter((at) => at > 140 * minute)];
    const { alerts } = await storyOf(rolling('drop', { window: '1h' }), run([60, 0.9], [10, 0.7], [3, 0.9]), { ticks });
    expect(alerts.at(-1)?.alert).toBe(undefined);
  });

  it('is not taken for a baseline that is too old because nothing came', async () => {
    const values = run([60, 0.9], [5, 0.7], [20, 0.9], [20, undefined], [20, 0.7]);
    const { bands } = await storyOf(rolling('drop', { window: '1h', maxAge: '10m' }), values);
    // The first of them is not judged, for what came before it is too old; the second one is.
    expect(bands).toEqual(['1:01 critical', '1:06 well', '1:47 critical']);
  });
});

describe('a seasonal baseline that an alert froze', () => {
  const seasonal = (more: object) => ({
    degradation: {
      direction: 'drop' as const,
      baseline: { seasonal: { season: 'day' as const, periods: 2, minPeriods: 2, slot: '6h', deviations: 0, ...more } },
    },
  });

  it('compares each hour with its own, however long the alert lasts', async () => {
    const days = [100, 200, 300, 400, 101, 201, 301, 401, 102, 202, 302, 402, 103, 203, 303, 403, 104, 204];
    const rule = { step: '6h', ...seasonal({}) };
    const judgedAt = async (...after: number[]) => {
      const values = [...days, 50, 50, ...after];
      // Six hours are counted from midnight, and the story begins at nine.
      const { alerts } = await storyOf(rule, values, { ticks: every(360 * minute, (values.length + 1) * 360 * minute, 5000) });
      return alerts.at(-1)?.alert?.state;
    };
    // The norms of the four hours are 103.5, 203.5, 302.5 and 402.5 from the fourth on.
    expect(await judgedAt(104, 204)).toBe('resolved');
    expect(await judgedAt(50, 50, 310)).toBe('resolved');
    expect(await judgedAt(50, 50, 250)).toBe('firing');
    expect(await judgedAt(50, 50, 50, 395)).toBe('resolved');
  });

  it('says nothing of an hour that had no past', async () => {
    const at = (step: number, value: number): [number, number] => [step, value];
    const known = new Map([at(16, 99), at(44, 95), at(67, 70), at(82, 96)]);
    const values = Array.from({ length: 82 }, (_, i) => known.get(i + 1));
    const { alerts } = await storyOf({ step: '1h', ...seasonal({}) }, values, {
      ticks: every(60 * minute, 82 * 60 * minute, 2000),
    });
    expect(alerts[67]?.alert?.state).toBe('firing');
    expect(alerts.at(-1)?.alert?.state).toBe('firing');
  });
});

describe('a baseline that is refused for want of points that belong to alerts', () => {
  it('raises an alert about the rule after an hour, not after as long as it looks back', () => {
    const rule = ruleOf(rolling('drop', { window: '14d' }));
    const subject = { ruleId: asRuleId('it'), rule, labels: {}, category: 'pipeline' as const, groupBy: [], aboutRule: true };
    const stateAfter = (hours: number, byAlerts: boolean) => {
      const found = [{ key: 'a', series: 'host=a', refused: 'too few', ...(byAlerts ? { byAlerts: true as const } : {}) }];
      const first = nextRefusal(undefined, found, subject, 0).alert;
      return nextRefusal(first, found, subject, hours * 60 * minute).alert?.state;
    };
    expect([stateAfter(0.9, true), stateAfter(1, true), stateAfter(48, false)]).toEqual(['pending', 'firing', 'pending']);
  });
});

describe('what belongs to an alert, where points come late or are unreliable', () => {
  it('is also a point that led up to it and came after it had fired', async () => {
    const late = { value: 160, late: 90 * minute };
    const rule = rolling('rise', { window: '15h', statistic: 'mean', minPoints: 7 }, { step: '1h' });
    const values = [...run([10, 100], [1, 160]), late, ...run([1, 160], [1, 100], [1, 160])];
    const ticks = [13, 14, 15].map((hour) => hour * 60 * minute + 1000);
    const { alerts } = await storyOf(rule, values, { ticks });
    expect(alerts.at(-1)?.alert).toMatchObject({ state: 'firing', baseline: { value: 100 } });
  });

  it('is also what lies before an unreliable point that nobody breached by', async () => {
    const few = { value: 145, count: 9 };
    const many = (value: number) => ({ value, count: 100 });
    const rule = rolling('rise', { window: '60m', statistic: 'mean', minPoints: 5 }, { for: '3/4', samples: { minCount: 10 } });
    const values = run([30, many(100)], [1, many(160)], [1, few], [3, many(160)], [10, many(100)], [5, many(150)]);
    const ticks = [30, 35, 45, 46, 47, 48, 49, 50].map((at) => at * minute + 1000);
    const { alerts } = await storyOf(rule, values, { ticks });
    expect(alerts.at(-1)?.alert).toMatchObject({ state: 'firing', baseline: { value: 100 } });
  });
});

describe('the baseline of an alert that silence raised', () => {
  it('stays after it, too', async () => {
    const values = run([60, 0.9], [70, undefined], [2, 0.9], [40, 0.7]);
    const { bands } = await storyOf(rolling('drop', { window: '1h' }, { noData: 'alert' }), values);
    expect(bands).toEqual(['1:04 warn', '2:11 well', '2:13 critical']);
  });
});
