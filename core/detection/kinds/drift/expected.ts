import { driftSizeChance } from '../../evidence/chances.ts';
import type { Expected, SeenSeries } from '../../evidence/expected.ts';
import { declaredAt, levelOf, monthMs } from '../../evidence/level.ts';
import { onsetChance } from '../../evidence/onsets.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import { testingOf } from './judge.ts';
import { bandsOfDrift } from './schema.ts';

/**
 * Expected false alarms in 30 days: features x evaluations x the chance that one is declared and
 * large enough.
 */
export function expectedOfDrift(rule: RuleOf<'drift'>, seen: readonly SeenSeries[]): Expected {
  const features = seen.flatMap(({ drift }) => (drift === undefined ? [] : [drift]));
  if (features.length === 0) return { ok: false, reason: 'no feature of it has values on both sides yet' };
  const testing = testingOf(rule);
  const level = declaredAt(levelOf(testing, features.length)) / features.length;
  const { warn } = bandsOfDrift(rule.drift);
  let chance = 0;
  for (const one of features) {
    if (one.current < rule.samples.minCount) continue;
    chance += onsetChance(Math.min(level, driftSizeChance(rule.drift.measure, warn, one)), testing.timing);
  }
  return { ok: true, alarms: chance * (monthMs / rule.step), tested: features.length };
}
