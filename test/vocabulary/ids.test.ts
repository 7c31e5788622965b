import { expect, expectTypeOf, test } from 'vitest';
import type { DecisionStore } from '../../app/ports/decision-store.ts';
import { fingerprint } from '../../core/vocabulary/fingerprint.ts';
import type { EffectId, Fingerprint, GroupKey, IncidentId, RuleId } from '../../core/vocabulary/ids.ts';

test('an id of one kind is none of another, and a plain text can be any', () => {
  expectTypeOf<string>().toExtend<IncidentId>();
  expectTypeOf<IncidentId>().toExtend<string>();
  expectTypeOf<Fingerprint>().not.toExtend<IncidentId>();
  expectTypeOf<IncidentId>().not.toExtend<EffectId>();
  expectTypeOf<GroupKey>().not.toExtend<RuleId>();
  const incident = (id: Parameters<DecisionStore['incident']>[0]): string => id;
  // @ts-expect-error an incident is not found by the fingerprint of an alert
  expect(incident(fingerprint('slow', {}))).toMatch(/^[0-9a-f]{16}$/);
});
