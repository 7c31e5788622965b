import { describe, expect, it } from 'vitest';
import { errorsOf } from './errors-of.ts';

const rule = (query: string, more = ''): string => `
sources:
  loans: { kind: predictions, model: loans, retain: 30d, segments: { country: [DE] } }
rules:
  labels:
    source: loans
    query: { predictions: { ${query} } }
    step: 1h
    category: data-quality
    threshold: { below: { warn: 0.9 } }
    runbook: accuracy-drop
${more}`;

describe('a rule on labels', () => {
  it.each([
    'metric: label_coverage, over: 24h, after: 2d',
    'metric: label_coverage, over: 24h, after: 2d, by: [version, country]',
    'metric: label_delay, over: 24h',
    'metric: unmatched_label_rate, over: 24h',
    'metric: corrected_label_rate, over: 24h',
  ])('is accepted: %s', (query) => {
    expect(errorsOf(rule(query))).toEqual([]);
  });

  it.each([
    ['metric: label_coverage, over: 24h', /label_coverage needs `after`, the time within which labels should come/],
    ['metric: label_coverage, over: 24h, after: 90m', /expected a multiple of the bucket of loans, 1h; received 1h30m/],
    ['metric: label_coverage, over: 24h, after: 40d', /expected at most the retention of loans, 30d; this rule looks back 41d/],
    ['metric: accuracy, over: 24h, after: 2d', /only label_coverage waits for labels; received the metric accuracy/],
    ['metric: label_delay, over: 24h, by: [version]', /label_delay is one series for the whole model; remove this key/],
    ['metric: unmatched_label_rate, over: 24h, version: "7"', /unmatched_label_rate is one series for the whole model/],
  ])('is refused: %s', (query, message) => {
    expect(errorsOf(rule(query))).toEqual([expect.stringMatching(message)]);
  });

  it('cannot have a confidence on a delay, which is no proportion', () => {
    expect(errorsOf(rule('metric: label_delay, over: 24h', '    samples: { confidence: 95% }'))).toEqual([
      expect.stringMatching(/a confidence needs a proportion/),
    ]);
  });
});
