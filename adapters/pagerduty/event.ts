import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import { causeLines, changeLines, describeNumbers, describeState, describeWhy } from '../../core/response/paging/describe.ts';
import type { Page } from '../../core/response/paging/page.ts';
import { pagerdutyKey } from '../../core/response/paging/pagerduty-key.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut } from '../../core/vocabulary/text.ts';

/**
 * PagerDuty's limits: 1,024 characters of a summary, 512 kB of an event. Texts are cut so that ten
 * alerts fit.
 */
const maxSummary = 1024;
const maxText = 1000;
const maxLabels = 20;
const maxLabelValue = 200;

const short = (text: string, max = maxText): string => cut(oneLine(text), max).toWellFormed();

export type PagerdutyAction = 'trigger' | 'acknowledge' | 'resolve';

/** An event of Events API v2, without its routing key. */
export type PagerdutyEvent = { event_action: PagerdutyAction; dedup_key: string } & Record<string, unknown>;

export const stepEvent = (event_action: 'acknowledge' | 'resolve', dedup_key: string): PagerdutyEvent => ({
  event_action,
  dedup_key,
});

/** The page as what begins an incident there, or tells it more. `key`: the effect's id. */
export function triggerEvent(page: Page, key: string): PagerdutyEvent {
  const [worst] = page.alerts;
  const reason = worst === undefined || worst.reason === '' ? '' : `: ${worst.reason}`;
  const { chart, incidentUrl } = page;
  return {
    event_action: 'trigger',
    dedup_key: pagerdutyKey(incidentUrl),
    client: 'Tocsin',
    client_url: incidentUrl,
    payload: {
      summary: short(`${page.title}${reason}`, maxSummary),
      source: new URL(incidentUrl).host,
      severity: page.severity === 'critical' ? 'critical' : 'warning',
      timestamp: new Date(page.since).toISOString(),
      ...(page.groupLabels['model'] === undefined ? {} : { component: short(page.groupLabels['model'], maxLabelValue) }),
      class: page.category,
      custom_details: detailsOf(page, key),
    },
    links: linksOf(page),
    // PagerDuty fetches it, and takes no address without TLS.
    ...(chart?.isPublic ? { images: [{ src: chart.url, href: incidentUrl, alt: short(chart.alt) }] } : {}),
  };
}

function linksOf({ incidentUrl, runbookUrl, acknowledgeUrl }: Page): { href: string; text: string }[] {
  return [
    { href: incidentUrl, text: 'Incident and timeline' },
    ...(runbookUrl === undefined ? [] : [{ href: runbookUrl, text: 'Runbook' }]),
    ...(acknowledgeUrl === undefined ? [] : [{ href: acknowledgeUrl, text: 'Acknowledge in Tocsin' }]),
  ];
}

const detailsOf = (page: Page, key: string) => ({
  incident: page.incidentId,
  state: short(describeState(page)),
  why: short(describeWhy(page)),
  paged: short(page.target),
  ...(page.owner === undefined ? {} : { owner: short(page.owner) }),
  ...(page.runbookUrl === undefined ? {} : { runbook: page.runbookUrl }),
  labels: labelsOf(page.groupLabels),
  alerts: page.alerts.slice(0, 10).map(alertOf),
  alert_count: page.alertCount,
  what_changed: changeLines(page).map((line) => short(line)),
  causes: causeLines(page.causes ?? []).map((line) => short(line)),
  ...(page.rollback === undefined ? {} : { rollback: short(`${page.rollback.name}: ${page.rollback.text}`) }),
  key,
});

const alertOf = (alert: AlertSummary) => ({
  title: short(alert.title),
  severity: alert.severity,
  state: alert.state,
  labels: labelsOf(alert.labels),
  numbers: describeNumbers(alert),
  reason: short(alert.reason),
  ...(alert.link === undefined ? {} : { link: alert.link }),
});

const labelsOf = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels)
      .slice(0, maxLabels)
      .map(([name, value]) => [short(name, maxLabelValue), short(value, maxLabelValue)]),
  );
