import { describe, expect, it } from 'vitest';
import { minute } from '../../scenario/harness.ts';
import { again, every, run, storyOf } from './story.ts';

const above = (more: object = {}) => ({ threshold: { above: { warn: 100, critical: 200 } }, range: { min: 0 }, ...more });
const rolling = (window: string, more: object = {}) => ({
  degradation: { direction: 'drop' as const, baseline: { rolling: { window } } },
  ...more,
});

describe('an alert with keepFiring', () => {
  it('stays critical while values go up and down between its bands', async () => {
    const values = [...run([1, 10]), ...again(10, run([1, 250], [1, 150])), ...run([20, 10])];
    const { bands } = await storyOf(above({ keepFiring: '10m' }), values);
    // Last critical at 0:20 and last warn at 0:21.
    expect(bands).toEqual(['0:02 critical', '0:31 warn', '0:32 well']);
  });

  it.each([0, 20_000])('leaves critical for warn once it has been below for that long, ticks %d ms late', async (late) => {
    const values = run([2, 250], [30, 150]);
    const { bands } = await storyOf(above({ keepFiring: '10m' }), values, { late });
    const seconds = late === 0 ? '' : ':20';
    expect(bands).toEqual([`0:01${seconds} critical`, `0:13${seconds} warn`]);
  });

  it('counts the time in which it was well as time below critical', async () => {
    const values = run([2, 250], [5, 10], [30, 150]);
    const { bands } = await storyOf(above({ keepFiring: '10m' }), values);
    expect(bands).toEqual(['0:01 critical', '0:13 warn']);
  });

  it('begins anew to count when it is critical in between', async () => {
    const values = run([2, 250], [9, 150], [1, 250], [30, 150]);
    const { bands } = await storyOf(above({ keepFiring: '10m' }), values);
    expect(bands).toEqual(['0:01 critical', '0:23 warn']);
  });

  it('says why it is still critical', async () => {
    const { alerts } = await storyOf(above({ keepFiring: '10m' }), run([2, 250], [2, 150]));
    expect(alerts.at(-1)?.alert?.reason).toContain('it stays critical until it has been below that for 10m');
  });

  it('ends when its series falls silent after it was well', async () => {
    const values = run([1, 10], [1, 250], [2, 10]);
    const { bands, alerts } = await storyOf(above({ keepFiring: '10m' }), values, { beyond: 60 });
    expect(bands).toEqual(['0:02 critical', '0:13 well']);
    const last = alerts.find(({ at, alert }) => alert === undefined && at > 0);
    expect(last).toBeDefined();
  });

  it('goes on when its series falls silent while it breaches', async () => {
    const { bands } = await storyOf(above({ keepFiring: '10m' }), run([1, 10], [2, 250]), { beyond: 60 });
    expect(bands).toEqual(['0:02 critical']);
  });

  it('goes on when it was well only for a moment before it breached again and fell silent', async () => {
    const values = run([1, 10], [2, 250], [2, 10], [1, 250]);
    const { bands } = await storyOf(above({ keepFiring: '10m' }), values, { beyond: 60 });
    expect(bands).toEqual(['0:02 critical']);
  });

  it('fires again when silence counts as a breach', async () => {
    const values = run([1, 10], [1, 250], [2, 10]);
    const { bands, alerts } = await storyOf(above({ keepFiring: '10m', noData: 'alert' }), values, { beyond: 60 });
    expect(bands).toEqual(['0:02 critical', '0:13 warn']);
    expect(alerts.at(-1)?.alert?.state).toBe('firing');
  });
});

describe('an alert that fires for missing data', () => {
  it('has its baseline from before, and says what it finds when there is data again', async () => {
    const values = run([60, 0.9], [10, undefined], [120, 0.84], [5, 0.9]);
    const { bands, alerts } = await storyOf(rolling('1h', { noData: 'alert' }), values);
    expect(bands).toEqual(['1:04 warn', '3:11 well']);
    expect(alerts[75]?.alert).toMatchObject({ baseline: { value: 0.9 }, value: 0.84 });
    expect(alerts[75]?.alert?.reason).toContain('0.84 is 6.7% below the baseline 0.9');
  });

  it('has it also where the silence is longer than its window', async () => {
    const values = run([60, 0.9], [120, undefined], [60, 0.7]);
    const { bands } = await storyOf(rolling('1h', { noData: 'alert' }), values);
    expect(bands).toEqual(['1:04 warn', '3:01 critical']);
  });

  it('does not fire for what lies before a series began', async () => {
    const { bands } = await storyOf(above({ for: '4/5', noData: 'alert' }), run([30, 10]));
    expect(bands).toEqual([]);
  });

  it('does fire for a series that has begun and stops', async () => {
    const { bands } = await storyOf(above({ for: '4/5', noData: 'alert' }), run([1, 10]), { beyond: 20 });
    expect(bands).toEqual(['0:05 warn']);
  });

  it('goes on until there are points enough again', async () => {
    const values = run([10, 10], [20, undefined], [10, 10]);
    const { bands } = await storyOf(above({ for: '4/5', noData: 'alert' }), values);
    // Of five points four are missing at 0:17, and fewer at 0:32.
    expect(bands).toEqual(['0:17 warn', '0:32 well']);
  });

  it('stays critical through a silence of part of what is looked at, and through its end', async () => {
    const values = run(
      [5, 10],
      [10, 250],
      [4, undefined],
      [5, 250],
      [1, undefined],
      [2, 250],
      [20, undefined],
      [5, 250],
      [10, 10],
    );
    const { bands } = await storyOf(above({ for: '3/5', noData: 'alert' }), values);
    expect(bands).toEqual(['0:08 critical', '0:55 well']);
  });

  it('is lowered by points that are no longer critical, beside missing ones', async () => {
    const values = run([5, 10], [10, 250], [4, undefined], [20, 150]);
    const { bands } = await storyOf(above({ for: '3/5', noData: 'alert' }), values);
    expect(bands).toEqual(['0:08 critical', '0:22 warn']);
  });
});

describe('an alert that is pending', () => {
  it('is not so for ever when its series falls silent', async () => {
    const { alerts } = await storyOf(above({ for: '2/3' }), run([5, 10], [1, 250]), { beyond: 30 });
    const pending = alerts.filter(({ alert }) => alert?.state === 'pending').map(({ at }) => at);
    // Looked at are the points of six minutes.
    expect(pending.length).toBeGreaterThan(0);
    expect(pending.length).toBeLessThanOrEqual(7);
  });
});

describe('points on too few samples', () => {
  const few = { value: 1, count: 2 };
  const many = { value: 0.88, count: 100 };
  it('teach a rolling baseline nothing', async () => {
    const rule = rolling('1d', { step: '1h', samples: { minCount: 50 } });
    const values = again(4, run([14, few], [10, many]));
    const { bands } = await storyOf(rule, values, { ticks: every(60 * minute, 96 * 60 * minute, 1000) });
    expect(bands).toEqual([]);
  });

  it('teach a seasonal baseline nothing', async () => {
    const degradation = { direction: 'drop' as const, baseline: { seasonal: { season: 'day' as const, slot: '4h' } } };
    const rule = { step: '1h', degradation, samples: { minCount: 50 } };
    const values = again(8, run([1, many], [3, few], [20, many]));
    const { bands } = await storyOf(rule, values, { ticks: every(60 * minute, 192 * 60 * minute, 1000) });
    expect(bands).toEqual([]);
  });

  it('nor do estimates that are refused', async () => {
    const refused = { value: 1, refused: 'scores are off' };
    const { bands } = await storyOf(rolling('1h'), again(6, run([40, refused], [20, 0.88])));
    expect(bands).toEqual([]);
  });

  it('are not what a change is measured from', async () => {
    const rule = {
      rateOfChange: { over: '10m', direction: 'drop' as const, relative: { warn: 0.1 } },
      samples: { minCount: 50 },
    };
    const values = [...again(6, run([1, few], [9, many]))];
    const { bands } = await storyOf(rule, values);
    expect(bands).toEqual([]);
  });

  it('hold an alert in its band, and neither end nor raise it', async () => {
    const bad = { value: 250, count: 100 };
    const good = { value: 10, count: 100 };
    const night = { value: 10, count: 2 };
    const rule = above({ samples: { minCount: 50 } });
    const { bands } = await storyOf(rule, run([2, good], [2, bad], [20, night], [2, good]));
    expect(bands).toEqual(['0:03 critical', '0:25 well']);
  });
});

describe('an alert of which only a part can be told', () => {
  it('leaves critical, and is held at warn, where the missing points could make no more of it', async () => {
    const rule = { threshold: { above: { warn: 0, critical: 10 } }, for: '2/3', range: { min: 0 }, recover: '90%' };
    const { bands, alerts } = await storyOf(rule, run([2, 60], [4, undefined], [1, -200], [1, 9]), { beyond: 1 });
    expect(bands).toEqual(['0:02 critical', '0:08 warn']);
    expect(alerts.at(-1)?.alert?.reason).toContain('held at warn');
  });

  it('fires again when it is warn for sure, though nobody can tell of critical', async () => {
    const few = { value: 250, count: 1 };
    const many = (value: number) => ({ value, count: 100 });
    const rule = above({ for: '1/2', keepFiring: '5m', samples: { minCount: 10 } });
    const values = run([2, many(250)], [2, many(10)], [1, many(150)], [1, few], [1, many(150)], [6, few]);
    const { bands, alerts } = await storyOf(rule, values);
    expect(bands).toEqual(['0:01 critical', '0:09 warn']);
    expect(alerts.at(-1)?.alert?.state).toBe('firing');
  });

  it('leaves critical through silence, once it has been below', async () => {
    const { bands } = await storyOf(above({ keepFiring: '5m' }), run([2, 250], [2, 150]), { beyond: 20 });
    expect(bands).toEqual(['0:01 critical', '0:08 warn']);
  });
});
