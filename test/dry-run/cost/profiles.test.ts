import { expect, it } from 'vitest';
import { assume } from '../../../core/dry-run/cost/assumptions.ts';
import { recordsBill } from '../../../core/dry-run/cost/stored-rules.ts';
import { configOf } from '../../app/runtime.ts';

const bill = (profiles: boolean) => {
  const features = Array.from({ length: 200 }, (_, i) => `f${i}`);
  const sources = { shop: { kind: 'predictions', model: 'shop', features, profiles, retain: '90d' } } as const;
  return recordsBill(configOf({ sources }), assume({ recordsAMonth: 10_000, recordsARequest: 1000 }));
};

it('counts the profiles that every request writes anew, and those that are kept', () => {
  const [without, with_] = [bill(false), bill(true)];
  // 25 items of 8 features of 5 kB: 40 units each, twice as much in a transaction, by 10 requests.
  expect(with_.ingestWriteUnits - without.ingestWriteUnits).toBe(10 * 25 * 2 * 40);
  expect(with_.storedBytes - without.storedBytes).toBe(90 * 200 * 5000);
});
