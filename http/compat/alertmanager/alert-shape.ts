import type { AlertNow } from '../../../app/query/alerts-now.ts';
import { shownOf } from '../../../core/alerting/alerts/alert-summary.ts';
import type { Config } from '../../../core/config/schema.ts';
import { isExternalRunbook } from '../../../core/response/runbooks/address.ts';

/**
 * Alertmanager says of each alert when it ends. One of a rule goes on while the rule finds it, so
 * this is a promise.
 */
const ownEndsAfterMs = 300_000;

/** `gettableAlert`. `at`: milliseconds since the epoch. */
export function gettableAlert({ alert, silencedBy, inhibitedBy, mutedBy, receiver }: AlertNow, config: Config, at: number) {
  const { external, joined } = alert;
  const isSuppressed = silencedBy.length + inhibitedBy.length + mutedBy.length > 0;
  const link = external?.link ?? (joined === undefined ? undefined : incidentUrl(config, joined.incidentId));
  const endsAt = external?.endsAt ?? at + ownEndsAfterMs;
  return {
    labels: shownLabels(alert),
    annotations: annotationsOf(alert, config),
    startsAt: new Date(alert.since).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    updatedAt: new Date(alert.evaluatedAt).toISOString(),
    fingerprint: alert.fingerprint,
    receivers: [{ name: receiver }],
    status: { state: isSuppressed ? 'suppressed' : 'active', silencedBy, inhibitedBy, mutedBy },
    ...(link === undefined ? {} : { generatorURL: link }),
  };
}

/**
 * What a silence could name. An alert of a rule has its rule, category and severity as labels;
 * there is no `alertname` in it, for a silence by that would never hold.
 */
function shownLabels({ external, labels, ruleId, category, severity }: AlertNow['alert']): Record<string, string> {
  return external === undefined ? { rule: ruleId, category, severity, ...labels } : { ...labels };
}

function annotationsOf(alert: AlertNow['alert'], config: Config): Record<string, string> {
  const { external, reason } = alert;
  const { runbook } = shownOf(alert, config);
  return {
    ...(external === undefined ? { summary: reason } : { summary: external.title, description: reason }),
    ...(runbook === '' ? {} : { [isExternalRunbook(runbook) ? 'runbook_url' : 'runbook']: runbook }),
  };
}

const incidentUrl = ({ settings }: Config, id: string): string =>
  `${settings.publicUrl.replace(/\/$/, '')}/incidents/${encodeURIComponent(id)}`;
