import { formatDuration } from '../../vocabulary/units.ts';
import type { Alert } from '../alerts/alert.ts';
import { type AlertSummary, summarize } from '../alerts/alert-summary.ts';
import { kindOf } from '../alerts/kinds/table.ts';
import type { AlertingConfig } from '../config.ts';
import type { SeriesJudgement } from './judgement.ts';

/**
 * A summary as it was judged last. An incident stores it as of the last change of its alert, which
 * may be long ago. `latest` is the rule's last finding about the series; `alert` is the alert
 * itself, which counts where it carries what was found of it last. How it counts in its incident
 * stays: severity, state and muting change only in a decision.
 */
export function withLatest(
  summary: AlertSummary,
  { latest, alert, config }: { latest?: SeriesJudgement | undefined; alert?: Alert | undefined; config: AlertingConfig },
): AlertSummary {
  if (summary.state === 'resolved') return summary;
  if (alert !== undefined && kindOf(alert).foundIn === 'alert') return withPosted(summary, alert, config);
  if (latest === undefined) return summary;
  const { found, unjudged } = latest;
  const judgedAt = summary.judgedAt ?? 0;
  // An alert that was judged early is newer than the last tick.
  const isNewer = found !== undefined && found.at >= judgedAt;
  const shown = isNewer ? withFinding(summary, found, config) : summary;
  return unjudged === undefined || unjudged.since < (shown.judgedAt ?? 0)
    ? { ...shown, unjudged: undefined }
    : { ...shown, unjudged };
}

function withFinding(summary: AlertSummary, found: NonNullable<SeriesJudgement['found']>, config: AlertingConfig): AlertSummary {
  const { at, status, value, degradation, bound, drift, baseline, provisional } = found;
  return {
    ...summary,
    judgedAt: at,
    reason: `${found.reason}${whyStill(summary, status, config)}`,
    value,
    degradation,
    drift,
    baseline: baseline ?? summary.baseline,
    // A bound of another band than the alert's would be read as its own.
    bound: status === summary.severity ? bound : undefined,
    provisional,
  };
}

/** Why an alert goes on although its last value was better than its band; empty otherwise. */
function whyStill(
  { severity, ruleId }: AlertSummary,
  status: NonNullable<SeriesJudgement['found']>['status'],
  { rules }: AlertingConfig,
): string {
  const keepFiring = Object.hasOwn(rules, ruleId) ? (rules[ruleId]?.keepFiring ?? 0) : 0;
  if (keepFiring === 0) return '';
  const span = formatDuration(keepFiring);
  if (status === 'ok') return `; the alert ends after ${span} without a breach (keepFiring)`;
  return status === 'warn' && severity === 'critical' ? `; it stays critical until it has been below that for ${span}` : '';
}

function withPosted(summary: AlertSummary, alert: Alert, config: AlertingConfig): AlertSummary {
  if (alert.state === 'resolved' || isAsPosted(summary, alert)) return summary;
  const { title, owner, runbook, link, reason, judgedAt, cuts } = summarize(alert, config, summary);
  return { ...summary, title, owner, runbook, link, reason, judgedAt, cuts };
}

/**
 * Whether nothing was posted since, as for nearly all alerts of an incident that one more joins.
 */
function isAsPosted(summary: AlertSummary, { external, reason, evaluatedAt }: Alert): boolean {
  return (
    summary.judgedAt === evaluatedAt &&
    summary.reason === reason &&
    summary.title === external?.title &&
    summary.owner === external.owner &&
    summary.runbook === external.runbook &&
    summary.link === external.link &&
    summary.cuts === undefined &&
    external.cuts === undefined
  );
}
