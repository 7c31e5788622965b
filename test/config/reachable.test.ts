import { describe, expect, it, test } from 'vitest';
import { configSchema } from '../../core/config/schema.ts';
import { recoveryOfThreshold } from '../../core/detection/kinds/threshold/recovery.ts';
import { errorsOf, rule } from './errors-of.ts';

const accuracy = '{ predictions: { metric: accuracy, over: 24h } }';
const nulls = '{ predictions: { metric: null_rate, over: 24h } }';
const cpu = { source: 'cpu', query: '{ samples: { metric: m } }', step: '1m' };
const count = { ...cpu, query: '{ samples: { metric: m, statistic: count } }' };
/** In place of the threshold that a rule of these tests otherwise has. */
const judges = (kind: string, config: string, more: Record<string, string> = {}): string =>
  rule({ ...cpu, ...more, threshold: '' }).replace('    threshold: \n', `    ${kind}: ${config}\n`);

const sourceOf = (profiles: string): string =>
  `sources:\n  f: { kind: predictions, model: f, schema: { zone: { type: category }, size: { type: number } }, profiles: ${profiles} }\n`;
const declared = (metric: string, features?: string): string =>
  sourceOf('true') +
  rule({
    source: 'f',
    query: `{ predictions: { metric: ${metric}, over: 24h${features === undefined ? '' : `, features: ${features}`} } }`,
    threshold: '{ above: { warn: 0.1 } }',
  });
const drifts = (measure: string, features?: string, profiles = 'true'): string =>
  sourceOf(profiles) +
  rule({
    source: 'f',
    query: `{ predictions: { metric: drift, over: 1d${features === undefined ? '' : `, features: ${features}`} } }`,
    step: '1d',
    threshold: '',
  }).replace('    threshold: \n', `    drift: { measure: ${measure}, baseline: { rolling: { window: 7d } } }\n`);

/** Rules that are well by their shape, and can never fire, or never stop. */
const cannotWork: [what: string, text: string, error: string][] = [
  [
    'a share below 0',
    rule({ query: accuracy, threshold: '{ below: { warn: 0 } }' }),
    'threshold.below.warn: expected a bound that accuracy, which is from 0 to 1, can be past; warn begins below 0, so it can never fire',
  ],
  [
    'a share above 1',
    rule({ query: nulls, threshold: '{ above: { warn: 0.1, critical: 1 } }' }),
    'threshold.above.critical: expected a bound that null_rate, which is from 0 to 1, can be past; critical begins above 1, so it can never fire',
  ],
  [
    'a share in percent',
    rule({ query: accuracy, threshold: '{ below: { warn: 90 } }' }),
    'threshold.below.warn: expected a bound that not every value is past; warn begins below 90, and accuracy, which is from 0 to 1, is always past it',
  ],
  [
    'a count below 0',
    rule({ ...count, threshold: '{ below: { warn: 0 } }' }),
    'm, which is at least 0, can be past; warn begins below 0, so it can never fire',
  ],
  [
    'an age longer than it is looked for',
    rule({ query: '{ predictions: { metric: freshness, over: 1h } }', threshold: '{ above: { warn: 7200 } }' }),
    'freshness, which is from 0 to 3600, can be past; warn begins above 7200, so it can never fire',
  ],
  [
    'a mean of probabilities above 1',
    rule({ query: '{ predictions: { metric: score_mean, over: 24h } }', threshold: '{ above: { warn: 1.5 } }' }),
    'score_mean, which is from 0 to 1, can be past; warn begins above 1.5, so it can never fire',
  ],
  [
    'a label that comes after nothing waits for it',
    rule({ query: '{ predictions: { metric: label_delay, over: 24h } }', threshold: '{ above: { warn: 604800 } }' }),
    'threshold.above.warn: expected less than labelWait of flights, 7d (604800 seconds)',
  ],
  [
    'the range of a category',
    declared('out_of_range_rate', '[zone]'),
    'features[0]: out_of_range_rate of zone is always 0, for it is a category, which has no range; remove it',
  ],
  [
    'the range of a number without ends',
    declared('out_of_range_rate', '[size]'),
    'features[0]: out_of_range_rate of size is always 0, for it is declared without min and max; remove it',
  ],
  [
    'categories that are not listed',
    declared('unseen_rate', '[zone]'),
    'features[0]: unseen_rate of zone is always 0, for it is a category declared without its values; remove it',
  ],
  ['the type of a category', declared('type_error_rate', '[zone]'), 'type_error_rate of zone is always 0'],
  ['a quality that no feature declares', declared('unseen_rate'), 'metric: unseen_rate can count nothing, for no feature of f'],
  [
    'a distance of categories',
    drifts('ks', '[zone]'),
    'features[0]: ks is for numbers, and zone is declared as category; remove it',
  ],
  ['a distance where there is none', drifts('ks', undefined, '[zone]'), 'drift.measure: ks is for numbers, and no feature'],
  [
    'critical that is left later than warn',
    rule({ ...cpu, threshold: '{ above: { warn: 1, critical: 2, recover: { critical: 0.5 } } }' }),
    'threshold.above.recover: expected critical to be left no later than warn, which is left at 1; critical is left at 0.5',
  ],
  [
    'critical that is left later than warn by its room',
    rule({ ...count, threshold: '{ above: { warn: 100, critical: 200, recover: { critical: 79 } } }' }),
    'threshold.above.recover: expected critical to be left no later than warn, which is left at 80; critical is left at 79',
  ],
  [
    'a value beyond a declared end',
    rule({ ...cpu, range: '{ max: 100 }', threshold: '{ above: { critical: 100 } }' }),
    'm, which is at most 100, can be past; critical begins above 100, so it can never fire',
  ],
  [
    'a drop of more than everything',
    judges('degradation', '{ direction: drop, baseline: { rolling: { window: 1d } }, critical: 150% }', count),
    'degradation.critical: expected at most 100%, the largest drop of m, which is at least 0; received 150%, so it can never fire',
  ],
  [
    'a rise from a fixed baseline beyond the end',
    judges('degradation', '{ direction: rise, baseline: { fixed: 0.95 } }', { range: '{ min: 0, max: 1 }' }),
    'degradation.critical: expected a bound that m, which is from 0 to 1, can be past; critical begins above 1.045, so it can never fire',
  ],
  [
    'a fixed baseline that the metric cannot have',
    judges('degradation', '{ direction: drop, baseline: { fixed: 1.2 } }', { range: '{ max: 1 }' }),
    'degradation.warn: expected a bound that not every value is past; warn begins below 1.14, and m, which is at most 1, is always past it',
  ],
  [
    'a fixed baseline that it cannot come back to',
    judges('degradation', '{ direction: drop, baseline: { fixed: 1.05 }, warn: 5%, critical: 10% }', { range: '{ max: 1 }' }),
    'degradation.warn: expected an alert that can end; it ends at 1.008, which m, which is at most 1, does not reach',
  ],
  [
    'a relative drop of more than everything',
    judges('rateOfChange', '{ over: 1h, direction: drop, relative: { warn: 200% } }', count),
    'rateOfChange.relative.warn: expected at most 100%, the largest change of m, which is at least 0; received 200%, so it can never fire',
  ],
  [
    'a change larger than the range',
    judges('rateOfChange', '{ over: 1h, absolute: { warn: 2 } }', { range: '{ min: 0, max: 1 }' }),
    'rateOfChange.absolute.warn: expected at most 1, the largest change of m, which is from 0 to 1; received 2, so it can never fire',
  ],
  [
    'the absence of an age',
    judges('absence', '{ warn: 1h }', { query: '{ samples: { metric: m, statistic: age } }' }),
    'absence: an age has a point at every step, so it is never absent',
  ],
  [
    'burn rates beyond only errors',
    judges('burnRate', '{ objective: 90%, windows: [{ long: 1h, short: 5m, burn: 14.4, severity: critical }] }'),
    'burnRate.windows[0].burn: expected at most 10: of a budget of 10%, 14.4 times are 144% of errors, and there are never more than 100%, so it can never fire; lower the burn rate, or raise the objective',
  ],
  [
    'only errors with a confidence',
    judges('burnRate', '{ objective: 90%, windows: [{ long: 1h, short: 5m, burn: 10, severity: critical }] }', {
      samples: '{ confidence: 95% }',
    }),
    'burnRate.windows[0].burn: expected a burn rate that less than all errors reach',
  ],
  [
    'a distance beyond 1',
    'sources:\n  f: { kind: predictions, model: f, features: [a], profiles: true }\n' +
      rule({ source: 'f', query: '{ predictions: { metric: drift, over: 1d } }', step: '1d', threshold: '' }).replace(
        '    threshold: \n',
        '    drift: { measure: js, critical: 1.5, baseline: { rolling: { window: 7d } } }\n',
      ),
    'drift.critical: expected at most 1, the largest js there is; received 1.5, so it can never fire',
  ],
  [
    'a version baseline without room',
    rule({ query: '{ predictions: { metric: accuracy, over: 24h, by: [version] } }', threshold: '' }).replace(
      '    threshold: \n',
      '    degradation: { direction: drop, baseline: { version: { window: 3h, minPoints: 10 } } }\n',
    ),
    'degradation.baseline.version.window: expected a window with room for minPoints, 10; 3h of one point every 1h hold at most 3',
  ],
  [
    'a rolling baseline that is always stale',
    judges('degradation', '{ direction: drop, baseline: { rolling: { window: 1d, maxAge: 30s } } }'),
    'degradation.baseline.rolling.maxAge: expected at least the step of the rule, 1m',
  ],
  [
    'a seasonal baseline that is always stale',
    judges('degradation', '{ direction: drop, baseline: { seasonal: { season: week, maxAge: 2d } } }', { source: 'slow' }) +
      'sources:\n  slow: { kind: samples, retain: 60d }\n',
    'degradation.baseline.seasonal.maxAge: expected at least 6d23h',
  ],
];

const base =
  'rules:\n  acc:\n    source: flights\n    query: { predictions: { metric: accuracy, over: 24h } }\n    step: 1h\n    category: performance\n    threshold: { below: { warn: 0.7 } }\n    runbook: accuracy-drop\n';
const composite = (config: string): string =>
  `${base}  both:\n    category: resource\n    composite: ${config}\n    runbook: accuracy-drop\n`;

describe('`check` refuses what can never come to be, and says why:', () => {
  test.each(cannotWork)('%s', (_, text, error) => expect(errorsOf(text).join('\n')).toContain(error));

  test.each([
    [
      'a band that the other rule does not have',
      '{ all: [{ rule: acc, severity: critical }] }',
      'rules.both.composite.all[0].severity: expected a severity that acc can have; received "critical", for which it has no band',
    ],
    [
      'what is excluded as well',
      '{ all: [{ rule: acc }], none: [{ rule: acc }] }',
      'rules.both.composite.all[0]: expected something else (whatever fulfils this is excluded by `none`',
    ],
    [
      'labels that the other rule does not have',
      '{ all: [{ rule: acc, match: { model: other } }] }',
      'rules.both.composite.all[0].match: the alerts of acc have model="flight-delays", so none meets model="other"',
    ],
    [
      'a label that the other rule cannot have',
      '{ any: [{ rule: acc, match: { host: a } }] }',
      'rules.both.composite.any[0].match: the alerts of acc have no label host, so none meets host="a"',
    ],
    [
      'labels that nothing has',
      '{ all: [{ rule: acc }], none: [{ match: ["team=x", "team=y"] }] }',
      'rules.both.composite.none[0].match: no alert can have team="x" and team="y"',
    ],
  ])('a composite rule that rests on %s', (_, config, error) =>
    expect(errorsOf(composite(config)).join('\n')).toContain(error.replace('expected something else (', '')),
  );
});

describe('what can be reached is left alone:', () => {
  test.each<[string, string]>([
    ['a share just inside', rule({ query: accuracy, threshold: '{ below: { warn: 1, critical: 0.001 } }' })],
    ['any bound of a metric without known ends', rule({ ...cpu, threshold: '{ above: { warn: -7, critical: 1e9 } }' })],
    [
      'a drop of everything',
      judges('degradation', '{ direction: drop, baseline: { rolling: { window: 1d } }, critical: 100% }', count),
    ],
    ['a rise by half', judges('rateOfChange', '{ over: 1h, relative: { warn: 150% } }', count)],
    [
      'as many errors as there are',
      judges('burnRate', '{ objective: 90%, windows: [{ long: 1h, short: 5m, burn: 10, severity: critical }] }'),
    ],
    [
      'a share of the room of probabilities',
      rule({
        query: '{ predictions: { metric: score_mean, over: 24h } }',
        threshold: '{ above: { warn: 0.5 } }',
        recover: '90%',
      }),
    ],
    [
      'a longer delay where the rule says that labels come later',
      rule({
        query: '{ predictions: { metric: label_delay, over: 24h } }',
        threshold: '{ above: { warn: 700000 } }',
        range: '{ max: 9000000 }',
      }),
    ],
    ['a distance of numbers', drifts('ks', '[size]')],
    [
      'warn that is left sooner than critical would be',
      rule({ ...count, threshold: '{ above: { warn: 190, critical: 200, recover: 185 } }' }),
    ],
    ['any objective', judges('burnRate', '{ objective: 40% }', { samples: '{ confidence: 95% }' })],
    [
      'a composite of other alerts',
      composite('{ all: [{ rule: acc }], none: [{ rule: acc, severity: critical }] }').replace(
        'none: [{ rule: acc, severity: critical }]',
        'none: [{ match: { team: x } }]',
      ),
    ],
  ])('%s', (_, text) => expect(errorsOf(text)).toEqual([]));
});

it('critical is left no later than warn where only warn is set, and a mean of probabilities ends within its room', () => {
  const endsOf = (more: object) => {
    const rules = { r: { source: 's', category: 'performance' as const, runbook: 'r', step: '1h', ...more } };
    const cell = { policy: 'p' };
    const sources = { s: { kind: 'predictions' as const, model: 'm' } };
    const { r } = configSchema.parse({ sources, rules, matrix: { default: { warn: cell, critical: cell } } } as never).rules;
    if (r?.kind !== 'threshold') throw new Error('expected a threshold');
    return recoveryOfThreshold(r).map(({ values }) => values?.ends);
  };
  const count = { predictions: { metric: 'count', over: '1h' } };
  const score = { predictions: { metric: 'score_mean', over: '1h' } };
  expect(endsOf({ query: count, threshold: { above: { warn: 190, critical: 200, recover: 185 } } })).toEqual([185, 185]);
  expect(endsOf({ query: score, threshold: { above: { warn: 0.5, critical: 0.9 } } })).toEqual([0.4, 0.72]);
});

it('the burn rates of a rule that sets none follow its objective, and can be reached at any', () => {
  const windowsAt = (objective: number) => {
    const rules = {
      r: {
        source: 's',
        query: { samples: { metric: 'm' } },
        category: 'performance' as const,
        runbook: 'r',
        burnRate: { objective },
      },
    };
    const cell = { policy: 'p' };
    const { r } = configSchema.parse({ rules, matrix: { default: { warn: cell, critical: cell } } }).rules;
    if (r?.kind !== 'burnRate') throw new Error('expected a burn rate');
    return r.burnRate.windows;
  };
  expect(windowsAt(0.999).map(({ burn }) => burn)).toEqual([14.4, 6]);
  expect(windowsAt(0.9).map(({ burn }) => Number(burn.toFixed(6)))).toEqual([5.5, 3.25]);
  for (let objective = 0.01; objective < 0.9999; objective += 0.0007) {
    const [critical, warn] = windowsAt(objective);
    const errors = (burn = Number.NaN): number => burn * (1 - objective);
    expect(errors(critical?.burn)).toBeLessThan(1);
    expect(errors(warn?.burn)).toBeLessThan(errors(critical?.burn));
    expect(warn?.burn).toBeGreaterThan(1);
  }
});
