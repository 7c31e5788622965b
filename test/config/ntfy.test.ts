import { expect, it } from 'vitest';
import { functionNeeds } from '../../core/config/function-needs.ts';
import { configOf } from '../app/runtime.ts';
import { errorsOf } from './errors-of.ts';

const ben = (ntfy: string): string => `responders:\n  ben: { name: Ben, contacts: [{ ntfy: ${ntfy} }] }\n`;

it('a topic and a token of ntfy are names of secrets, and a server is named by its root', () => {
  for (const good of ['{ topic: NTFY_TOPIC }', '{ topic: NTFY_TOPIC, url: "https://ntfy.example.com", token: NTFY_TOKEN }'])
    expect(errorsOf(ben(good)), good).toEqual([]);
  for (const bad of [
    '{ topic: churn-pages }',
    '{ topic: TOPIC, token: tk_abc }',
    '{ topic: TOPIC, url: "https://ntfy.sh/churn" }',
    'churn',
  ])
    expect(errorsOf(ben(bad)), bad).toHaveLength(1);
});

it('deliver alone reads a topic', () => {
  const contacts = [{ ntfy: { topic: 'NTFY_TOPIC', token: 'NTFY_TOKEN' } }];
  const needs = functionNeeds(configOf({ responders: { ana: { name: 'Ana', contacts } } }));
  const readers = Object.entries(needs).filter(([, { secrets = [] }]) => secrets.includes('NTFY_TOPIC'));
  expect(readers.map(([name]) => name)).toEqual(['deliver']);
});
