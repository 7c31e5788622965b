import type { Point } from '../../../telemetry/series.ts';
import type { Severity } from '../../../vocabulary/schema-parts.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
import type { JudgeContext } from '../../context.ts';
import { metricName } from '../../points/metric-name.ts';
import { cleanPoints } from '../../points/points.ts';
import { countsRecords } from '../../rules/counts-records.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import type { Verdict } from '../../verdict.ts';
import type { AbsenceConfig } from './schema.ts';

type AbsenceRule = RuleOf<'absence'>;

/**
 * Judges by the time since the last point. A point's time is the end of its span, so the silence is
 * at least this long. For counting queries a count of 0 is silence too. A series without any point
 * was silent for longer than the rule looks back. No slow recovery: one point ends the silence.
 */
export function judgeAbsence(
  rule: AbsenceRule,
  points: readonly Point[],
  { now, to }: Pick<JudgeContext, 'now' | 'to'>,
): Verdict {
  const { absence: config } = rule;
  const metric = metricName(rule.query);
  const counts = countsRecords(rule);
  const point = cleanPoints(points).findLast(({ at, value }) => at <= to && (!counts || value > 0));
  const silence = point === undefined ? Number.POSITIVE_INFINITY : to - point.at;
  const band = bandOfSilence(config, silence);
  const bound = band === undefined ? undefined : config[band];
  const far = Math.max(config.warn ?? 0, config.critical ?? 0);
  const since =
    point === undefined
      ? `no point of ${metric} for more than ${formatDuration(far)}`
      : `the last point of ${metric} came ${formatDuration(silence)} ago`;
  return {
    status: band ?? 'ok',
    at: now,
    reason: bound === undefined ? since : `${since} (${band} from ${formatDuration(bound)})`,
    point,
    breaching: band === undefined ? 0 : 1,
    looked: 1,
    judged: true,
  };
}

export function bandOfSilence({ warn, critical }: AbsenceConfig, silence: number): Severity | undefined {
  if (critical !== undefined && silence >= critical) return 'critical';
  return warn !== undefined && silence >= warn ? 'warn' : undefined;
}

/** A query with no series has no start time, so it raises the lower band. */
export function judgeNothing(rule: AbsenceRule, now: number): Verdict {
  const status: Severity = rule.absence.warn === undefined ? 'critical' : 'warn';
  const reason = `no series of ${metricName(rule.query)} is known: nothing has come yet, or the query names it wrong`;
  return { status, at: now, reason, breaching: 1, looked: 1, judged: true };
}
