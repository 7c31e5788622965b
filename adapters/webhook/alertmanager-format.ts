import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import { describeNumbers, describeWhy } from '../../core/response/paging/describe.ts';
import type { Page } from '../../core/response/paging/page.ts';
import type { AlertSeverity, Labels } from '../../core/vocabulary/schema-parts.ts';

/** What Alertmanager writes where an alert has not ended. */
const notEnded = '0001-01-01T00:00:00Z';

/** The words that rules of Prometheus use. */
const severities: Readonly<Record<AlertSeverity, string>> = { critical: 'critical', warn: 'warning', info: 'info' };

type SentAlert = {
  status: 'firing' | 'resolved';
  labels: Labels;
  annotations: Labels;
  startsAt: string;
  endsAt: string;
  generatorURL: string;
  fingerprint: string;
};

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * A page as Alertmanager's webhook receiver posts a group (version 4): one group an incident. Muted
 * alerts are left out, as an Alertmanager sends none. Once the incident is resolved, so is each
 * alert.
 */
export function alertmanagerBody(page: Page, externalURL: string) {
  const shown = page.alerts.filter(({ state }) => state !== 'muted' || page.status === 'resolved');
  const alerts = shown.map((alert) => sentAlert(alert, page));
  const muted = page.alerts.length - shown.length;
  return {
    receiver: page.target,
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    alerts,
    groupLabels: page.groupLabels,
    commonLabels: common(alerts.map(({ labels }) => labels)),
    commonAnnotations: common(alerts.map(({ annotations }) => annotations)),
    externalURL,
    version: '4',
    groupKey: groupKey(page),
    truncatedAlerts: Math.max(0, page.alertCount - alerts.length - muted),
  };
}

function sentAlert(alert: AlertSummary, page: Page): SentAlert {
  const status = page.status === 'resolved' || alert.state === 'resolved' ? 'resolved' : 'firing';
  const { runbookUrl, incidentUrl, acknowledgeUrl, owner = page.owner } = { ...page, owner: alert.owner };
  const numbers = describeNumbers(alert);
  const annotations = {
    summary: alert.title,
    description: alert.reason,
    ...(numbers === '' ? {} : { numbers }),
    ...(owner === undefined ? {} : { owner }),
    ...(runbookUrl === undefined ? {} : { runbook_url: runbookUrl }),
    incident: page.incidentId,
    incident_title: page.title,
    why: describeWhy(page),
    incident_url: incidentUrl,
    ...(acknowledgeUrl === undefined ? {} : { acknowledge_url: acknowledgeUrl }),
  };
  return {
    status,
    labels: { alertname: alert.ruleId, ...alert.labels, severity: severities[alert.severity] },
    annotations,
    startsAt: iso(alert.since),
    // When exactly it ended is not part of a page.
    endsAt: status === 'resolved' ? iso(page.at) : notEnded,
    generatorURL: alert.link ?? incidentUrl,
    fingerprint: alert.fingerprint,
  };
}

/** What all of these say alike. */
function common([first = {}, ...others]: readonly Labels[]): Labels {
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => others.every((one) => one[name] === value)));
}

/**
 * Equal for all pages of an incident, and for those of no other: receivers keep what is open by it.
 */
function groupKey({ incidentId, groupLabels }: Page): string {
  const labels = Object.entries(groupLabels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `{}/{incident=${JSON.stringify(incidentId)}}:{${labels.join(', ')}}`;
}
