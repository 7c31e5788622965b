import { describe, expect, it } from 'vitest';
import { recoveryTakes, shortWatches, watchTime } from '../../core/remediation/rollback/watch-time.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { configOf, hour, minute, type Part, ruleOn } from '../scenario/harness.ts';

type RuleInput = NonNullable<Part['rules']>[string];

const withRule = (rule: Partial<RuleInput>, verify = '30m') =>
  configOf({
    rules: { slow: ruleOn('latency', { rollback: 'model', ...rule }), other: ruleOn('other', { step: '1h' }) },
    deployments: { model: { hook: { webhook: { url: 'https://hook.test', secret: 'HOOK' } } } },
    rollbacks: { model: { deployment: 'model', verify } },
  });

describe('how long an alert may go on although all is well', () => {
  it.each([
    ['of a step a minute: the point, its step, the tick', {}, 3 * minute],
    ['over a day, judged each hour', { query: { samples: { metric: 'm', over: '24h' } }, step: '1h' }, 24 * hour + 2 * hour],
    ['M of N: until so few are left that are bad', { for: '2/5' }, 6 * minute],
    ['with keepFiring, which is looked at by ticks as well', { keepFiring: '1h' }, hour + 4 * minute],
    ['seldom evaluated, but often while it fires', { every: '1h', whileActive: '5m' }, 2 * minute + 5 * minute],
    [
      'a change over a span, which the end of the fault is as well',
      { threshold: undefined, rateOfChange: { over: '1h', relative: { critical: '50%' } } },
      hour + 3 * minute,
    ],
    [
      'a burn rate: until its short windows are over',
      { threshold: undefined, burnRate: { objective: '99%' } },
      30 * minute + 3 * minute,
    ],
    [
      'a composite one: as long as the slowest that it rests on',
      { source: undefined, query: undefined, threshold: undefined, composite: { all: [{ rule: 'other' }] } },
      3 * hour + minute + minute,
    ],
  ] as [string, Partial<RuleInput>, number][])('%s', (_name, rule, ms) => {
    const config = withRule(rule);
    expect(recoveryTakes(config.rules['slow'] as never, config).ms).toBe(ms);
  });

  it('is how long recovery is watched, unless verify is longer', () => {
    expect(watchTime(withRule({}), 'model', asRuleId('slow'))).toEqual({ ms: 30 * minute, text: 'watching 30m for recovery' });
    expect(watchTime(withRule({ keepFiring: '1h' }), 'model', asRuleId('slow'))).toEqual({
      ms: hour + 4 * minute,
      text: 'watching 1h4m for recovery (verify is 30m, and slow may need that long to show it)',
    });
    expect(watchTime(withRule({}), 'gone', asRuleId('gone')).ms).toBe(30 * minute);
  });

  it('is told with its numbers where verify is shorter, and is no word otherwise', () => {
    expect(shortWatches(withRule({ keepFiring: '1h' }))).toEqual([
      'rules.slow: after a rollback its alert may go on for 1h4m although all is well (1m for the time span of a point, 1m for its step, 1h for keepFiring, 2m for the time between evaluations), and rollbacks.model.verify is 30m; the watch lasts 1h4m for this rule; set verify to at least that',
    ]);
    expect(shortWatches(withRule({ keepFiring: '1h' }, '2h'))).toEqual([]);
  });
});
