import { describe, expect, test } from 'vitest';
import { productOf } from './product.ts';
import { referenceOf } from './reference.ts';
import { configOf, type RuleInput } from './story.ts';
import { changesOf, storyOf, type Written } from './written.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Nothing is below 0, so it ends at 80 and 160. */
const above = (more: RuleInput = {}): RuleInput => ({
  threshold: { above: { warn: 100, critical: 200 } },
  range: { min: 0 },
  ...more,
});
const rolling = (
  direction: 'drop' | 'rise',
  window: string,
  more: RuleInput = {},
  statistic: 'median' | 'mean' = 'median',
): RuleInput => ({
  degradation: { direction, baseline: { rolling: { window, statistic } } },
  ...more,
});

/** Stories that chance would hardly find, with what a person on call has to see. */
const corners: Record<string, Written & { changes: string[] }> = {
  'a relapse after an alert that filled the window': {
    rule: rolling('drop', '1h'),
    values: '60x0.9 70x0.7 3x0.9 180x0.7',
    changes: ['1:01 firing critical', '2:11 ok', '2:14 firing critical'],
  },
  'the same by the hour, against a day': {
    rule: rolling('drop', '1d', { step: '1h' }),
    step: hour,
    values: '24x0.9 30x0.7 3x0.9 40x0.7',
    changes: ['25:00 firing critical', '55:00 ok', '58:00 firing critical'],
  },
  'a second relapse, while the first one still fills the window': {
    rule: rolling('drop', '1h'),
    values: '60x0.9 70x0.7 3x0.9 20x0.7 2x0.9 90x0.7 70x0.9 0.7',
    changes: [
      '1:01 firing critical',
      '2:11 ok',
      '2:14 firing critical',
      '2:34 ok',
      '2:36 firing critical',
      '4:06 ok',
      '5:16 firing critical',
    ],
  },
  'a new level that is good is the norm once the window holds enough of it': {
    rule: rolling('drop', '1h'),
    values: '60x0.9 70x0.7 80x1.2 1.1 10x1.2 1.07',
    changes: ['1:01 firing critical', '2:11 ok', '3:31 firing warn', '3:32 ok', '3:42 firing critical'],
  },
  'an outlier that ends at once is not in the mean, by a clock that ticks a second late': {
    rule: rolling('rise', '30m', {}, 'mean'),
    values: '30x100 20000 3x100 10x300',
    after: 1000,
    changes: ['0:31:01 firing critical', '0:32:01 ok', '0:35:01 firing critical'],
  },
  'the same where points are judged ten minutes later': {
    rule: rolling('rise', '30m', {}, 'mean'),
    values: '30x100 20000 3x100 10x300',
    lag: 10 * minute,
    after: 7000,
    changes: ['0:41:07 firing critical', '0:42:07 ok', '0:45:07 firing critical'],
  },
  'the same where points come three minutes late': {
    rule: rolling('rise', '30m', {}, 'mean'),
    values: '30x100 20000 3x100 13x300',
    known: 3 * minute,
    changes: ['0:34 firing critical', '0:35 ok', '0:38 firing critical'],
  },
  'the critical band does not flap while it is to be kept': {
    rule: above({ keepFiring: '10m' }),
    values: '10 250 150 250 150 250 150 250 150 250 150 250 12x150 10',
    changes: ['0:02 firing critical', '0:23 firing warn', '0:25 recovering warn'],
  },
  'each band is kept for its own time': {
    rule: above({ keepFiring: '5m' }),
    values: '10 250 4x150 8x10',
    changes: ['0:02 firing critical', '0:07 recovering critical', '0:08 recovering warn', '0:12 ok'],
  },
  'a kept alert ends though its series stops': {
    rule: above({ keepFiring: '10m' }),
    values: '10 250 10 10 30x_',
    changes: ['0:02 firing critical', '0:03 recovering critical', '0:13 ok'],
  },
  'a kept alert that was not well when its series stopped goes on': {
    rule: above({ keepFiring: '10m' }),
    values: '10 250 30x_ 10 12x10',
    changes: ['0:02 firing critical', '0:33 recovering critical', '0:43 ok'],
  },
  'a kept alert ends off the minute, with points that are judged later': {
    rule: above({ keepFiring: '10m' }),
    values: '10 250 10 250 20x10',
    lag: 2 * minute,
    after: 59_000,
    changes: [
      '0:04:59 firing critical',
      '0:05:59 recovering critical',
      '0:06:59 firing critical',
      '0:07:59 recovering critical',
      '0:17:59 ok',
    ],
  },
  'a kept alert whose clock misses minutes ends by the next tick': {
    rule: above({ keepFiring: '3m' }),
    values: '10 250 30x10',
    ticks: [1, 2.5, 3.5, 20.25, 21.75].map((at) => t(at)),
    changes: ['0:02:30 firing critical', '0:03:30 recovering critical', '0:20:15 ok'],
  },
  'an error of the source ends nothing, and the next answer does': {
    rule: above({ keepFiring: '3m' }),
    values: '10 250 10 10 10 10 10 10',
    failing: [6, 7],
    changes: ['0:02 firing critical', '0:03 recovering critical', '0:08 ok'],
  },
  'a firing alert outlasts errors however long': {
    rule: above({ noData: 'ok' }),
    values: '10 250 5x_ 10',
    failing: [3, 4, 5, 6, 7],
    changes: ['0:02 firing critical', '0:08 ok'],
  },
  'a breaching point that comes late, beside those of an alert, is no part of the mean': {
    rule: rolling('rise', '30m', {}, 'mean'),
    values: '30x100 5000 2x300 20x100 5x130',
    late: { 31: 2 },
    changes: ['0:32 firing critical', '0:34 ok', '0:54 firing critical'],
  },
  'what was normal before a silence that fired is kept after it': {
    rule: rolling('drop', '1h', { noData: 'alert' }),
    values: '60x0.9 70x_ 2x0.9 40x0.7',
    changes: ['1:04 firing warn', '2:11 ok', '2:13 firing critical'],
  },
  'points on few samples are no part of a baseline': {
    rule: rolling('drop', '1d', { step: '1h', samples: { minCount: 50 } }),
    step: hour,
    values: '14x1#2 10x0.88#100 14x1#2 10x0.88#100 14x1#2 10x0.88#100',
    changes: [],
  },
  'silence that fires first does not let what follows become the norm': {
    rule: rolling('drop', '1h', { noData: 'alert' }),
    values: '60x0.9 10x_ 100x0.84 0.9',
    changes: ['1:04 firing warn', '2:51 ok'],
  },
  'a lone low point now and then blinds nothing': {
    rule: rolling('drop', '1h', { for: '2/5' }),
    values: `60x0.9 ${'0.5 4x0.9 '.repeat(20)} 3x0.5 5x0.9 60x0.5`,
    changes: ['1:01 pending', '2:42 firing critical', '2:47 ok', '2:49 pending', '2:50 firing critical'],
  },
  'the points before a series began are not missing': {
    rule: above({ for: '3/5', noData: 'alert' }),
    values: '20x10',
    changes: [],
  },
  'those after it are': {
    rule: above({ for: '3/5', noData: 'alert' }),
    values: '10 10 10 10x_',
    changes: ['0:04 pending', '0:09 firing warn'],
  },
  'a silence of part of the window lowers nothing': {
    rule: above({ for: '3/5', noData: 'alert' }),
    values: '5x10 5x250 5x_ 5x250',
    changes: ['0:06 pending', '0:08 firing critical'],
  },
  'nor does it where the last state holds': {
    rule: above({ for: '3/5' }),
    values: '5x10 5x250 5x_ 2x250 3x_ 250',
    changes: ['0:06 pending', '0:08 firing critical'],
  },
  'a silence leaves the warning of an alert that is no longer critical': {
    rule: above({ for: '2/3' }),
    values: '250 250 _ _ 10 150 10x_',
    changes: ['0:01 pending', '0:02 firing critical', '0:06 firing warn'],
  },
  'more steps than the window of the baseline': {
    rule: { degradation: { direction: 'rise', baseline: { rolling: { window: '10m', minPoints: 5 } } }, for: '3/30' },
    values: '50x100 3x300 60x100 3x300',
    changes: [
      '0:51 pending',
      '0:53 firing critical',
      '1:21 ok',
      '1:22 pending',
      '1:23 ok',
      '1:54 pending',
      '1:56 firing critical',
    ],
  },
  'values exactly at the bounds of a threshold': {
    rule: above(),
    values: '100 100.1 100 80 100.1 80.1 80 200 200.1 160.1 160 80',
    changes: [
      '0:02 firing warn',
      '0:04 ok',
      '0:05 firing warn',
      '0:07 ok',
      '0:08 firing warn',
      '0:09 firing critical',
      '0:11 firing warn',
      '0:12 ok',
    ],
  },
  'decimals exactly at the bounds of a degradation': {
    rule: { degradation: { direction: 'drop', baseline: { fixed: 0.3 } } },
    values: '0.3 0.286 0.285 0.288 0.2881 0.27 0.276 0.2761 0.289',
    changes: ['0:03 firing warn', '0:05 ok', '0:06 firing critical', '0:08 firing warn', '0:09 ok'],
  },
  'a recovery value that is the bound itself': {
    rule: above({ recover: '100%' }),
    values: '100.1 100 100.1 99 200.1 200 100 100.1',
    changes: [
      '0:01 firing warn',
      '0:02 ok',
      '0:03 firing warn',
      '0:04 ok',
      '0:05 firing critical',
      '0:06 firing warn',
      '0:07 ok',
      '0:08 firing warn',
    ],
  },
  'bands that lie closer than their recovery': {
    rule: { threshold: { above: { warn: 100, critical: 101 } }, range: { min: 0 } },
    values: '101.5 99 81 80.5 79 101 102 80.8 80',
    changes: [
      '0:01 firing critical',
      '0:04 firing warn',
      '0:05 ok',
      '0:06 firing warn',
      '0:07 firing critical',
      '0:08 firing warn',
      '0:09 ok',
    ],
  },
  'bounds below zero': {
    rule: { threshold: { below: { warn: -10, critical: -20 } }, range: { max: 0 } },
    values: '-10 -10.1 -8.1 -8 -21 -16.1 -16 -7',
    changes: ['0:02 firing warn', '0:04 ok', '0:05 firing critical', '0:07 firing warn', '0:08 ok'],
  },
  'a bound of zero': {
    rule: { threshold: { above: { critical: 0 } } },
    values: '0 1 0 0.001 -1',
    changes: ['0:02 firing critical', '0:03 ok', '0:04 firing critical', '0:05 ok'],
  },
  'a baseline below zero': {
    rule: { degradation: { direction: 'rise', baseline: { fixed: -100 } } },
    values: '-100 -95 -96 -96.1 -89 -92 -92.1 -97',
    changes: ['0:02 firing warn', '0:04 ok', '0:05 firing critical', '0:07 firing warn', '0:08 ok'],
  },
  'five of five': {
    rule: above({ for: '5/5' }),
    values: '4x250 10 5x150 250 10',
    changes: ['0:01 pending', '0:10 firing warn', '0:12 ok'],
  },
  'one of five': {
    rule: above({ for: '1/5' }),
    values: '10 250 4x10 150 5x10',
    changes: ['0:02 firing critical', '0:07 firing warn', '0:12 ok'],
  },
  'an hour that is judged once, of points of five minutes': {
    rule: { ...rolling('drop', '12h', { step: '5m', every: '1h', for: '6/12' }) },
    step: 5 * minute,
    after: 61_000,
    values: '144x1000 12x200 12x1000 72x300 12x1000',
    changes: ['13:01:01 firing critical', '14:01:01 ok', '15:01:01 firing critical', '21:01:01 ok'],
  },
};

function t(minutes: number): number {
  return Date.UTC(2026, 0, 5) + minutes * minute;
}

describe('what a person on call has to see', () => {
  for (const [name, { changes, ...written }] of Object.entries(corners)) {
    const story = storyOf(written);
    test(`${name}, by the reference`, () => expect(changesOf(referenceOf(story))).toEqual(changes));
    test(`${name}, by the product`, async () => {
      const [seen = []] = await productOf([story]);
      expect(changesOf(seen)).toEqual(changes);
    });
  }
});

test('a series that begins while another one of the rule fires is judged by itself', async () => {
  const rule = above({ for: '3/5', noData: 'alert', keepFiring: '4m' });
  const first = storyOf({ rule, values: '3x10 10x250 20x10', after: 13_000 });
  const second = storyOf({ rule, values: '12x10 3x250 18x10', after: 13_000 });
  // The second one begins in the ninth minute.
  const late = {
    ...second,
    points: second.points.filter(({ at }) => at > t(8)).map((point) => ({ ...point, knownAt: point.at })),
  };
  const seen = await productOf([first, late], { oneRule: true });
  expect(seen.map(changesOf)).toEqual([
    ['0:04:13 pending', '0:06:13 firing critical', '0:16:13 recovering critical', '0:20:13 ok'],
    ['0:13:13 pending', '0:15:13 firing critical', '0:18:13 recovering critical', '0:22:13 ok'],
  ]);
});

test('two bands have bounds of their own', () => {
  const same = { threshold: { above: { warn: 100, critical: 100 } } };
  expect(() => configOf([{ rule: same }])).toThrow('expected critical to lie above warn');
});
