import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../core/config/load.ts';
import { base, errorsOf, rule, runbooks } from './errors-of.ts';

const source = (segments: string, more = '') => `sources:
  shop: { kind: predictions, model: shop, features: [price]${more}, segments: ${segments} }
`;
const asking = (by: string, keys: Record<string, string> = {}) =>
  rule({ source: 'shop', query: `{ predictions: { metric: accuracy, over: 24h, by: ${by} } }`, ...keys });

describe('a rule by a segment', () => {
  const confidenceOf = (by: string, keys: Record<string, string> = {}, metric = 'accuracy'): unknown => {
    const text = asking(by, keys).replace('metric: accuracy', `metric: ${metric}`);
    const files = [source('{ country: [DE, FR], vip: ["true"] }'), text, base].map((one, index) => ({
      path: `${index}.yaml`,
      text: one,
    }));
    const loaded = loadConfig(files, runbooks);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
    return loaded.config.rules['acc']?.samples.confidence;
  };

  test('is judged with evidence without another line, where its metric is a share', () => {
    expect(confidenceOf('[country]')).toBe(0.95);
    expect(confidenceOf('[vip, country]')).toBe(0.95);
    expect(confidenceOf('[country]', { samples: '{ confidence: 80% }' })).toBe(0.8);
    expect(confidenceOf('[country]', { falseAlarms: '1/month' })).toBeUndefined();
    expect(confidenceOf('[country]', {}, 'f1')).toBeUndefined();
    expect(confidenceOf('[version]')).toBeUndefined();
    expect(confidenceOf('[]')).toBeUndefined();
  });
});

describe('segments', () => {
  test('are asked for by name, one or two at a time, and alone or with the version', () => {
    const two = source('{ country: [DE, FR], vip: ["true"], channel: [web] }');
    expect(errorsOf(two, asking('[country]'))).toEqual([]);
    expect(errorsOf(two, asking('[country, version]'))).toEqual([]);
    expect(errorsOf(two, asking('[county]')).join()).toMatch(
      /expected version, feature or a segment of shop; received "county".*did you mean "country"/,
    );
    expect(errorsOf(two, asking('[country, vip]'))).toEqual([]);
    expect(errorsOf(two, asking('[vip, version, country]'))).toEqual([]);
    expect(errorsOf(two, asking('[country, vip, channel]')).join()).toMatch(
      /expected at most two segments at a time.*received channel, country, vip; make a rule for each pair/,
    );
    expect(errorsOf(source('{ "a and b": [x] }')).join()).toMatch(
      /without " and " in its name, which joins two; received "a and b"/,
    );
  });

  test('have values that are listed, a name of their own and room', () => {
    expect(errorsOf(source('{ country: [other] }')).join()).toMatch(/expected values other than `other`/);
    expect(errorsOf(source('{ version: [a] }')).join()).toMatch(/no label of the source; received "version"/);
    expect(errorsOf(source('{ country: [DE] }', ', labels: { country: AT }')).join()).toMatch(/received "country"/);
    const unread = source('{ country: [DE] }', ', columns: { features: [price] }');
    expect(errorsOf(unread).join()).toMatch(/for all its records would be other; received "country"/);
    const many = Array.from({ length: 300 }, (_, n) => `f${n}`).join(', ');
    expect(errorsOf(source('{ country: [DE], vip: [x] }', `, profiles: [${many}]`)).join()).toMatch(
      /one record would be counted at 121 places, and 86 can be written at once/,
    );
  });

  test('have no training of their own', () => {
    const keys = { degradation: '{ direction: drop, baseline: { training: {} } }' };
    const text = asking('[country]', keys).replace(/ +threshold:.*\n/, '');
    expect(errorsOf(source('{ country: [DE] }'), text).join()).toMatch(/a training is of all data, not of one country/);
  });
});
