import { describe, expect, test } from 'vitest';
import { errorsOf, rule } from './errors-of.ts';

const source = (more = '') => `sources:
  shop: { kind: predictions, model: shop, features: [price, colour]${more} }
`;
const drift = (keys: Record<string, string> = {}, kind = '{ baseline: { rolling: { window: 7d } } }'): string =>
  rule({
    source: 'shop',
    query: '{ predictions: { metric: drift, over: 1d } }',
    step: '1d',
    drift: kind,
    ...keys,
  }).replace(/ +threshold:.*\n/, '');
const profiled = source(', profiles: true');
const messages = (...texts: string[]): string[] => errorsOf(...texts).map((line) => line.replace(/^\S+ rules\.acc\./, ''));

describe('a drift rule', () => {
  test('is taken as it stands in the docs', () => {
    expect(messages(profiled, drift())).toEqual([]);
    expect(messages(profiled, drift({}, '{ measure: ks, baseline: { version: training }, falseDiscovery: 1% }'))).toEqual([]);
    expect(messages(profiled, drift({}, '{ baseline: { between: { from: 2026-01-05, to: 2026-01-07T00:00:00Z } } }'))).toEqual(
      [],
    );
  });

  test('needs a source that keeps profiles, of features that are known', () => {
    expect(messages(source(), drift())).toEqual([
      'source: drift needs profiles of the features; add `profiles: true` to the source shop',
    ]);
    const query = '{ predictions: { metric: drift, over: 1d, features: [pricee] } }';
    expect(messages(profiled, drift({ query }))).toEqual([
      'query.predictions.features[0]: expected a feature of which shop keeps a profile; received "pricee" (did you mean "price"?)',
    ]);
    const bare = 'sources:\n  shop: { kind: predictions, model: shop, profiles: true }\n';
    expect(messages(bare, drift())).toEqual([
      'source: expected a source whose features are known; name them under `features`, `schema` or `profiles` of shop',
    ]);
  });

  test('asks for the metric drift, which no other kind can judge', () => {
    expect(messages(profiled, drift({ query: '{ predictions: { metric: accuracy, over: 1d } }' }))).toEqual([
      'query.predictions.metric: expected drift, which a rule of that kind asks for; received accuracy',
    ]);
    const other = rule({ source: 'shop', query: '{ predictions: { metric: drift, over: 1d } }', step: '1d' });
    expect(messages(profiled, other)).toEqual([
      'query.predictions.metric: the metric drift is judged by `drift`; add it in place of the other kind, or ask for another metric',
    ]);
  });

  test('has spans of whole buckets of profiles, within what is retained', () => {
    const query = '{ predictions: { metric: drift, over: 36h } }';
    expect(messages(profiled, drift({ query, step: '6h' }, '{ baseline: { rolling: { window: 30h } } }'))).toEqual([
      'query.predictions.over: expected a multiple of the profileBucket of shop, 1d; received 1d12h',
      'step: expected a multiple of the profileBucket of shop, 1d; received 6h',
      'drift.baseline.rolling.window: expected a multiple of the profileBucket of shop, 1d; received 1d6h',
    ]);
    expect(messages(profiled, drift({}, '{ baseline: { rolling: { window: 90d } } }'))).toEqual([
      'drift.baseline.rolling.window: expected at most the retention of shop, 90d; this rule looks back 92d; shorten it, or raise retain',
    ]);
  });

  test('has bands in order, one baseline, dates that are dates, and no M/N', () => {
    expect(messages(profiled, drift({}, '{ baseline: { version: a }, warn: 0.3 }'))).toEqual([
      'drift.warn: expected warn, 0.3, to be smaller than critical, 0.25; received the number 0.3',
    ]);
    expect(messages(profiled, drift({}, '{ baseline: { version: a, rolling: { window: 7d } } }'))).toEqual([
      expect.stringContaining('expected exactly one of rolling, between, version, training; received rolling and version'),
    ]);
    expect(messages(profiled, drift({}, '{ baseline: { between: { from: yesterday, to: 2026-01-05 } } }'))).toEqual([
      expect.stringContaining('expected a date such as 2026-01-05 (UTC)'),
    ]);
    expect(messages(profiled, drift({ for: '3/5' }))).toEqual([
      expect.stringContaining('expected no M/N above 1/1: drift has spans of its own; received 3/5'),
    ]);
  });
});
