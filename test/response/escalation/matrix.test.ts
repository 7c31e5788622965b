import { expect, test } from 'vitest';
import { policyFor } from '../../../core/response/escalation/matrix.ts';
import { exampleConfig } from './example-config.ts';

test('a category with a cell of its own uses it, with its response-time targets', () => {
  expect(policyFor(exampleConfig(), 'performance', 'critical')).toEqual({
    name: 'long',
    tiers: [
      { targets: [{ schedule: 'ml' }, { channel: 'all' }], ackWithin: 900_000 },
      { targets: [{ responder: 'boss' }], ackWithin: 1_800_000 },
    ],
    repeat: 2,
    fallback: { channel: 'all' },
    ackTimeout: 7_200_000,
    ackTarget: 900_000,
    resolveTarget: 14_400_000,
  });
});

test('a severity or category without a cell uses the default', () => {
  expect(policyFor(exampleConfig(), 'performance', 'warn').name).toBe('short');
  expect(policyFor(exampleConfig(), 'latency', 'critical')).toMatchObject({ name: 'long', ackTarget: 3_600_000 });
  expect(policyFor(exampleConfig(), 'latency', 'critical')).not.toHaveProperty('resolveTarget');
});

test('what was frozen is not reached by later changes of the config', () => {
  const config = exampleConfig();
  const frozen = policyFor(config, 'performance', 'critical');
  const before = structuredClone(frozen);
  const policy = config.policies['long'];
  if (policy === undefined) throw new Error('the example has the policy long');
  policy.tiers.pop();
  policy.tiers[0]?.targets.splice(0);
  Object.assign(policy.fallback ?? {}, { channel: 'other' });
  delete config.policies['long'];
  expect(frozen).toEqual(before);
});

test('a policy that does not exist is an error that says which one', () => {
  const config = exampleConfig();
  delete config.policies['long'];
  const error =
    'the escalation matrix sends performance/critical to the policy "long", which does not exist; validate the config before it is used';
  expect(() => policyFor(config, 'performance', 'critical')).toThrow(error);
  config.matrix.default.warn.policy = 'constructor';
  expect(() => policyFor(config, 'drift', 'warn')).toThrow(/sends drift\/warn to the policy "constructor"/);
});
