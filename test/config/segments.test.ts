import { describe, expect, test } from 'vitest';
import { errorsOf, rule } from './errors-of.ts';

const source = (segments: string, more = '') => `sources:
  shop: { kind: predictions, model: shop, features: [price]${more}, segments: ${segments} }
`;
const asking = (by: string, keys: Record<string, string> = {}) =>
  rule({ source: 'shop', query: `{ predictions: { metric: accuracy, over: 24h, by: ${by} } }`, ...keys });

describe('segments', () => {
  test('are asked for by name, one at a time, and alone or with the version', () => {
    const two = source('{ country: [DE, FR], vip: ["true"] }');
    expect(errorsOf(two, asking('[country]'))).toEqual([]);
    expect(errorsOf(two, asking('[country, version]'))).toEqual([]);
    expect(errorsOf(two, asking('[county]')).join()).toMatch(
      /expected version, feature or a segment of shop; received "county".*did you mean "country"/,
    );
    expect(errorsOf(two, asking('[country, vip]')).join()).toMatch(/a query has one; received country and vip/);
  });

  test('have values that are listed, a name of their own and room', () => {
    expect(errorsOf(source('{ country: [other] }')).join()).toMatch(/expected values other than `other`/);
    expect(errorsOf(source('{ version: [a] }')).join()).toMatch(/no label of the source; received "version"/);
    expect(errorsOf(source('{ country: [DE] }', ', labels: { country: AT }')).join()).toMatch(/received "country"/);
    const unread = source('{ country: [DE] }', ', columns: { features: [price] }');
    expect(errorsOf(unread).join()).toMatch(/for all its records would be other; received "country"/);
    const many = Array.from({ length: 300 }, (_, n) => `f${n}`).join(', ');
    expect(errorsOf(source('{ country: [DE], vip: [x] }', `, profiles: [${many}]`)).join()).toMatch(
      /one record would be counted at 121 places, and 88 can be written at once/,
    );
  });

  test('have no training of their own', () => {
    const keys = { degradation: '{ direction: drop, baseline: { training: {} } }' };
    const text = asking('[country]', keys).replace(/ +threshold:.*\n/, '');
    expect(errorsOf(source('{ country: [DE] }'), text).join()).toMatch(/a training is of all data, not of one country/);
  });
});
