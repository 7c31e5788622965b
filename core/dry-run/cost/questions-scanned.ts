import type { Config } from '../../config/schema.ts';
import { cadenceOf } from '../../detection/rules/cadence.ts';
import { isAsking } from '../../detection/rules/rule-schema.ts';
import { sourcesOf } from '../../telemetry/sources/sources-of.ts';
import type { Assumed } from './assumptions.ts';
import { timesAMonth } from './metrics-requested.ts';

/**
 * Questions a month to Athena, each billed by what it scans. Rules with the same query, step and
 * cadence share theirs; while one has an alert it is asked at its own pace, unshared.
 */
export function questionsScanned(config: Pick<Config, 'rules' | 'sources'>, assumed: Assumed): number {
  const athena = new Set(sourcesOf(config, 'sql').flatMap(({ name, source }) => (source.athena === undefined ? [] : [name])));
  const active = assumed.activePercent / 100;
  const shared = new Map<string, number>();
  let questions = 0;
  for (const rule of Object.values(config.rules)) {
    if (!isAsking(rule) || rule.query.sql === undefined || !athena.has(rule.source)) continue;
    const calm = cadenceOf(rule, false);
    const fast = cadenceOf(rule, true);
    const isFaster = fast < calm;
    const key = JSON.stringify([rule.source, rule.step, rule.query.sql, calm, fast]);
    shared.set(key, (isFaster ? 1 - active : 1) * timesAMonth(calm, assumed));
    if (isFaster) questions += active * timesAMonth(fast, assumed);
  }
  for (const times of shared.values()) questions += times;
  return questions;
}
