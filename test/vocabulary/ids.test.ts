import { expect, expectTypeOf, test } from 'vitest';
import type { DecisionStore } from '../../app/ports/decision-store.ts';
import { fingerprint } from '../../core/vocabulary/fingerprint.ts';
import {
  asIncidentId,
  type EffectId,
  type Fingerprint,
  type GroupKey,
  type IncidentId,
  type RuleId,
} from '../../core/vocabulary/ids.ts';

test('an id of one kind is none of another, and no plain text is an id', () => {
  expectTypeOf<string>().not.toExtend<IncidentId>();
  expectTypeOf<IncidentId>().toExtend<string>();
  expectTypeOf<Fingerprint>().not.toExtend<IncidentId>();
  expectTypeOf<IncidentId>().not.toExtend<EffectId>();
  expectTypeOf<GroupKey>().not.toExtend<RuleId>();
  const incident = (id: Parameters<DecisionStore['incident']>[0]): string => id;
  // @ts-expect-error an incident is not found by the fingerprint of an alert
  expect(incident(fingerprint('slow', {}))).toMatch(/^[0-9a-f]{16}$/);
  // @ts-expect-error nor by a text that nobody said is an id
  expect(incident('inc-1')).toBe('inc-1');
  expect(incident(asIncidentId('inc-1'))).toBe('inc-1');
});
