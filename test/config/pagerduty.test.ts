import { expect, it } from 'vitest';
import { functionNeeds } from '../../core/config/function-needs.ts';
import { configOf } from '../app/runtime.ts';
import { errorsOf } from './errors-of.ts';

const ben = (pagerduty: string): string => `responders:\n  ben: { name: Ben, contacts: [{ pagerduty: ${pagerduty} }] }\n`;

it('the routing key of PagerDuty is the name of a secret, which deliver alone reads', () => {
  for (const good of ['{ routingKey: PAGERDUTY_KEY }', '{ routingKey: PAGERDUTY_KEY, region: eu }'])
    expect(errorsOf(ben(good)), good).toEqual([]);
  for (const bad of ['{ routingKey: R0UT1NGKEY0000000000000000000000x }', '{ routingKey: KEY, region: ap }', 'PAGERDUTY_KEY'])
    expect(errorsOf(ben(bad)).length, bad).toBeGreaterThan(0);
  const contacts = [{ pagerduty: { routingKey: 'PAGERDUTY_KEY' } }];
  const needs = functionNeeds(configOf({ responders: { ana: { name: 'Ana', contacts } } }));
  const readers = Object.entries(needs).filter(([, { secrets = [] }]) => secrets.includes('PAGERDUTY_KEY'));
  expect(readers.map(([name]) => name)).toEqual(['deliver']);
});
