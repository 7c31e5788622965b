import { cadenceOf } from '../detection/rules/cadence.ts';
import type { AskingRule } from '../detection/rules/rule-schema.ts';
import type { SourceConfig } from '../telemetry/sources/source.ts';
import type { Path, Report } from '../vocabulary/report.ts';
import { formatDuration } from '../vocabulary/units.ts';

/** A source that bills each question says how often it may be asked. */
export function checkAskedSeldom(path: Path, rule: AskingRule, source: SourceConfig, report: Report): void {
  if (source.kind !== 'sql' || source.athena === undefined) return;
  const least = source.athena.atMostEvery;
  const why = `at least ${formatDuration(least)}, as atMostEvery of ${rule.source} says: Athena bills each question by the bytes that it scans`;
  const calm = cadenceOf(rule, false);
  if (calm < least) {
    const key = rule.every === undefined ? 'step' : 'every';
    const todo = key === 'step' ? `set \`every: ${formatDuration(least)}\`` : 'raise it';
    report([...path, key], 'value', `expected to ask every ${why}; received ${formatDuration(calm)}; ${todo}`);
  } else if (cadenceOf(rule, true) < least)
    report(
      [...path, 'whileActive'],
      'value',
      `expected ${why}; received ${formatDuration(cadenceOf(rule, true))}; remove this key`,
    );
}
