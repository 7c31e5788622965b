import { describe, expect, test } from 'vitest';
import { errorsOf, rule } from './errors-of.ts';

const source = (keys: string): string =>
  `sources:\n  churn: { kind: predictions, model: churn, bucket: 1h${keys === '' ? '' : `, ${keys}`} }\n`;
const asks = (metric: string, more: Record<string, string> = {}): string =>
  rule({
    source: 'churn',
    query: `{ predictions: { metric: ${metric}, over: 24h } }`,
    threshold: '{ below: { warn: 0.5 } }',
    ...more,
  });
const cpu = { source: 'cpu', step: '1m' };
const many = Array.from({ length: 101 }, (_, n) => `f${n}`);
const burns = (keys: Record<string, string>): string =>
  rule({ threshold: '', ...keys })
    .replace('    threshold: \n', `    burnRate: ${keys['burns'] ?? '{ objective: 99% }'}\n`)
    .replace(/ {4}burns: .*\n/, '');

describe('`check` refuses a metric that means nothing for its source, and says what would:', () => {
  test.each([
    [
      'f1 over classes without a positive one',
      'predicts: [stays, leaves]',
      'f1',
      'f1 needs a positive class, and none of churn is `1`; add `positive: leaves`, or another of its classes, to the source; or take accuracy',
    ],
    [
      'a positive rate of a regression',
      'predicts: numbers',
      'positive_rate',
      'positive_rate is about classes, and churn predicts numbers; take mae, rmse or bias',
    ],
    [
      'accuracy of a regression',
      'predicts: numbers',
      'accuracy',
      'accuracy is about classes, and churn predicts numbers; take mae, rmse or bias',
    ],
    [
      'an error of classes',
      'predicts: [stays, leaves]',
      'mae',
      'mae is about numbers, and churn predicts classes; take accuracy, precision, recall or f1',
    ],
    [
      'an error of codes, which only look like numbers',
      'predicts: ["01", "02"]',
      'mae',
      'mae is about numbers, and churn predicts classes; take accuracy, precision, recall or f1',
    ],
    [
      'auc of scores that are no probabilities',
      'score: number',
      'auc',
      'auc needs scores that are probabilities, and those of churn are numbers; take score_mean',
    ],
    [
      'log loss over three classes',
      'predicts: [a, b, c], positive: a',
      'log_loss',
      'log_loss needs two classes, and churn has 3',
    ],
  ])('%s', (_, keys, metric, error) => {
    const [found] = errorsOf(source(keys) + asks(metric, metric === 'mae' ? { threshold: '{ above: { warn: 3 } }' } : {}));
    expect(found).toContain(`rules.acc.query.predictions.metric: `);
    expect(found).toContain(error);
  });

  test.each([
    ['', 'f1'],
    ['predicts: ["0", "1"]', 'f1'],
    ['predicts: [false, true]', 'auc'],
    ['predicts: [stays, leaves], positive: leaves', 'f1'],
    ['predicts: [stays, leaves], positive: leaves', 'estimated_f1'],
    ['predicts: [a, b, c], positive: a', 'recall'],
    ['predicts: [stays, leaves]', 'accuracy'],
    ['predicts: numbers', 'score_mean'],
    ['predicts: ["1", "2", "3", "4", "5"]', 'accuracy'],
  ])('and takes, of a source with %j, %s', (keys, metric) => expect(errorsOf(source(keys) + asks(metric))).toEqual([]));

  test.each([
    ['predicts: [a, b], positive: c', 'sources.churn.positive: expected one of the classes that churn predicts; received "c"'],
    ['predicts: ["yes", "1", b]', 'predicts[1]: expected each class once; received "1", which counts as the same class as "yes"'],
    ['predicts: [a, b, "a "]', 'predicts[2]: expected each class once; received "a ", which counts as the same class as "a"'],
    ['predicts: numbers, positive: c', 'sources.churn.positive: expected no positive class: this source predicts numbers'],
  ])('a source with %j', (keys, error) => expect(errorsOf(source(keys)).join()).toContain(error));
});

describe('`check` refuses a test or a guard that means nothing for the metric:', () => {
  const sure = { samples: '{ confidence: 95% }' };
  test.each<[string, string, string]>([
    [
      'a confidence in scores of any size',
      source('score: number') + asks('score_mean', sure),
      'samples.confidence: a confidence needs a proportion, such as accuracy or recall; the scores of this source may be any number',
    ],
    [
      'a confidence in a sum',
      rule({ ...cpu, ...sure, query: '{ samples: { metric: m, statistic: sum } }' }),
      'the sum of samples is not one; send 1 and 0 and ask for the mean',
    ],
    [
      'a confidence in values beyond 1',
      rule({ ...cpu, ...sure, range: '{ min: -1, max: 1 }', query: '{ samples: { metric: margin } }' }),
      'margin has values outside 0 to 1, as `range` says',
    ],
    [
      'a budget for a percentile',
      rule({
        source: 'aws',
        step: '1m',
        falseAlarms: '1/month',
        query:
          '{ cloudwatch: { metric: { namespace: n, metric: m, statistic: p99 }, count: { namespace: n, metric: m, statistic: SampleCount } } }',
      }),
      'falseAlarms: falseAlarms needs a proportion, such as accuracy or recall; the statistic p99 is not one',
    ],
    [
      'a confidence in samples that nobody counts',
      rule({ source: 'aws', step: '1m', ...sure, query: '{ cloudwatch: { metric: { namespace: n, metric: m } } }' }),
      'm comes without its number of samples; add `count` to the query',
    ],
    [
      'a least count of a count',
      rule({
        samples: '{ minCount: 10 }',
        query: '{ predictions: { metric: count, over: 24h } }',
        threshold: '{ below: { warn: 100 } }',
      }),
      'samples.minCount: count is itself a count, and a small one is what the rule is about',
    ],
    [
      'a least count of an age',
      rule({
        samples: '{ minCount: 10 }',
        query: '{ predictions: { metric: freshness, over: 24h } }',
        threshold: '{ above: { warn: 100 } }',
      }),
      'samples.minCount: an age rests on no samples',
    ],
    [
      'a burn rate of numbers',
      burns({ ...cpu, query: '{ samples: { metric: m, statistic: max } }' }),
      'query.samples.statistic: a burn rate needs a share of errors, or of good events; the max of samples is not one',
    ],
    [
      'a burn rate of a percentile that OTLP measured',
      burns({ source: 'apps', step: '1m', query: '{ otlp: { metric: m, statistic: p95 } }' }),
      'query.otlp.statistic: a burn rate needs a share of errors, or of good events; the p95 of a metric is not one',
    ],
    [
      'a burn rate of overlapping points of OTLP',
      burns({ source: 'apps', step: '1m', query: '{ otlp: { metric: m, over: 5m } }' }),
      'query.otlp.over: expected the step of the rule, 1m, for a burn rate adds points up; received 5m',
    ],
    [
      'a burn rate of a curve',
      burns({ query: '{ predictions: { metric: auc, over: 1h } }' }),
      'query.predictions.metric: a burn rate needs a share of errors, or of good events; auc is not one',
    ],
    [
      'a burn rate of labels that came',
      burns({ query: '{ predictions: { metric: label_coverage, over: 1h, after: 1h } }' }),
      'burnRate.ratio: label_coverage is a share of good events; set `ratio: good`',
    ],
    [
      'a burn rate of what is right',
      burns({ query: '{ predictions: { metric: accuracy, over: 1h } }' }),
      'burnRate.ratio: accuracy is a share of good events; set `ratio: good`',
    ],
    [
      'scores without a word for what is asked of them',
      rule({ query: '{ predictions: { metric: score, over: 24h } }' }),
      'query.predictions.metric: score needs `statistic`, such as p95, or `share`, such as { above: 0.9 }',
    ],
    [
      'a percentile of accuracy',
      rule({ query: '{ predictions: { metric: accuracy, statistic: p95, over: 24h } }' }),
      'query.predictions.statistic: only score, prediction and feature are asked for so; received the metric accuracy; remove this key',
    ],
    [
      'a percentile of no feature',
      rule({ query: '{ predictions: { metric: feature, statistic: p95, over: 24h } }' }),
      'query.predictions.metric: feature needs `features`, the names of those that are asked for',
    ],
    [
      'a percentile of a feature that is not declared as a number',
      rule({ query: '{ predictions: { metric: feature, features: [origin], statistic: p95, over: 24h } }' }),
      'query.predictions.features[0]: expected a feature that the schema of flights declares as a number or an integer; received "origin"',
    ],
    [
      'percentiles of more features than a bucket has room for',
      source(`schema: { ${many.map((name) => `${name}: { type: number }`).join(', ')} }`) +
        asks('feature').replace('metric: feature,', `metric: feature, features: [${many.join(', ')}], statistic: p95,`),
      'query.predictions.features: expected percentiles and shares of at most 100 features of churn over all rules; with this rule they are 101',
    ],
    [
      'numbers of a source that does not say it predicts some',
      rule({ query: '{ predictions: { metric: prediction, statistic: p95, over: 24h } }' }),
      'are numbers only if it says so; add `predicts: numbers` to the source',
    ],
    [
      'a share of samples beyond two bounds',
      rule({ ...cpu, query: '{ samples: { metric: m, share: { above: 1, below: 0 } } }' }),
      'query.samples.share: expected one of `above` and `below`',
    ],
    [
      'a share and a statistic',
      rule({ ...cpu, query: '{ samples: { metric: m, statistic: p95, share: { above: 1 } } }' }),
      'query.samples.statistic: expected either `share` or `statistic`; received both: remove `statistic: p95`',
    ],
    [
      'a ratio and a metric',
      rule({ ...cpu, query: '{ samples: { metric: m, ratio: { of: { metric: a }, over: { metric: b } } } }' }),
      'query.samples.metric: expected no `metric` beside `ratio`: `of` and `over` say what is divided; remove this key',
    ],
    [
      'neither a metric nor a ratio',
      rule({ ...cpu, query: '{ samples: { statistic: p95 } }' }),
      'query.samples: expected `metric`, or `ratio`; received neither',
    ],
    [
      'a confidence in a ratio of two numbers',
      rule({ ...cpu, ...sure, query: '{ samples: { ratio: { of: { metric: a }, over: { metric: b } } } }' }),
      'a ratio is one only if what `of` counts is part of what `over` counts; if so, add `proportion: true` to it',
    ],
    [
      'a proportion of means',
      rule({
        ...cpu,
        query: '{ samples: { ratio: { of: { metric: a, statistic: mean }, over: { metric: b }, proportion: true } } }',
      }),
      'ratio.proportion: expected sums, counts or rates on both sides, the same on both, for a proportion; received mean over sum',
    ],
    [
      'a confidence in a percentile',
      rule({ ...cpu, ...sure, query: '{ samples: { metric: m, statistic: p95 } }' }),
      'the p95 of samples is not one',
    ],
    [
      'a share of more than everything',
      rule({ ...cpu, query: '{ samples: { metric: m, share: { above: 250 } } }', threshold: '{ above: { warn: 5 } }' }),
      'threshold.above.warn',
    ],
  ])('%s', (_, text, error) => expect(errorsOf(text).join('\n')).toContain(error));

  test('takes a confidence in a share of samples, and in a ratio that is a proportion', () => {
    for (const query of [
      '{ samples: { metric: m, share: { above: 250 } } }',
      '{ samples: { ratio: { of: { metric: a }, over: { metric: b }, proportion: true } } }',
    ])
      expect(errorsOf(rule({ ...cpu, ...sure, query, threshold: '{ above: { warn: 0.05 } }' }))).toEqual([]);
  });

  test('refuses the spread of what another rule reads as a counter', () => {
    const text = rule({ ...cpu, query: '{ samples: { metric: m, statistic: rate } }', threshold: '{ above: { warn: 5 } }' });
    const second = rule({ ...cpu, query: '{ samples: { metric: m, statistic: p95 } }', threshold: '{ above: { warn: 5 } }' });
    const both = `${text}\n${second.slice(second.indexOf('rules:') + 6).replace('acc:', 'spread:')}`;
    expect(errorsOf(both).join('\n')).toContain(
      'rules.spread.query.samples.statistic: m is a counter, for acc asks for its rate; the p95 of its readings says nothing',
    );
  });
});

describe('`check` refuses a value of predictions that', () => {
  test.each([
    [
      'has a column and no unit',
      source('columns: { value: amount }'),
      'sources.churn.columns.value: expected `value` of the source beside it, such as `value: { unit: EUR }`',
    ],
    [
      'has a unit that is a sentence',
      source('value: { unit: "euros, after the tax of last year" }'),
      'expected a unit, such as EUR',
    ],
    ['has none', source('value: {}'), 'sources.churn.value.unit is missing'],
  ])('%s', (_, text, error) => expect(errorsOf(text).join('\n')).toContain(error));

  test('and takes one with a sign of a currency', () => expect(errorsOf(source('value: { unit: € }'))).toEqual([]));
});
