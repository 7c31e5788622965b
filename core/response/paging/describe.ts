import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import { cutsText } from '../../alerting/alerts/posted-cuts.ts';
import { type Cause, causeText } from '../../alerting/correlation/cause.ts';
import { describeBaseline } from '../../detection/baselines/describe-baseline.ts';
import { counted } from '../../vocabulary/counted.ts';
import { describeLabels, formatBound, formatPercent, formatUtc, formatValue } from '../../vocabulary/format.ts';
import { formatAge } from '../../vocabulary/units.ts';
import { costText } from '../incidents/cost-text.ts';
import { whenText } from '../incidents/what-changed.ts';
import type { HeldPage, Page } from './page.ts';

/** An alert's numbers in one line: value, baseline, degradation, bound; empty if it has none. */
export function describeNumbers(alert: AlertSummary): string {
  const parts: string[] = [];
  const unsure = { labels: ' (provisional: labels are missing)', estimate: ' (an estimate from scores)' };
  const mark = alert.provisional === undefined ? '' : unsure[alert.provisional];
  if (alert.value !== undefined) parts.push(`value ${formatValue(alert.value, ...besideOf(alert))}${mark}`);
  if (alert.baseline !== undefined) {
    const { degradation } = alert;
    const worse =
      degradation === undefined
        ? 'against'
        : degradation >= 0
          ? `${formatPercent(degradation)} worse than`
          : `${formatPercent(-degradation)} better than`;
    parts.push(`${worse} ${describeBaseline(alert.baseline)}`);
  }
  if (alert.bound !== undefined)
    parts.push(`${alert.severity} bound ${formatBound(alert.bound, ...(alert.value === undefined ? [] : [alert.value]))}`);
  return parts.join(', ');
}

/**
 * `trace 4bf92f...4736 (0.83): https://...`, a line each; the first two are what a text has room
 * for.
 */
export const traceLines = ({ traces = [] }: AlertSummary): string[] =>
  traces
    .slice(0, 2)
    .map(({ trace, value, link }) => `trace ${trace} (${formatValue(value)})${link === undefined ? '' : `: ${link}`}`);

const besideOf = ({ bound, baseline }: AlertSummary): number[] => [bound, baseline?.value].filter((one) => one !== undefined);

/**
 * When an alert was judged last, and since when it could not be judged; empty if nobody knows.
 * `as of 2026-01-05 09:12 UTC`
 */
export function describeWhen({ judgedAt, unjudged, state }: AlertSummary): string {
  if (judgedAt === undefined || state === 'resolved') return '';
  const silent = unjudged === undefined ? '' : `; not judged since ${formatUtc(unjudged.since)}: ${unjudged.reason}`;
  return `as of ${formatUtc(judgedAt)}${silent}`;
}

/** A page that is sent later than it was decided says so: its reason may have changed since. */
const lateMs = 60_000;

/** Why a page was sent, and when that was decided, if it took a while. */
export function describeWhy({ reason, why, at, decidedAt = at }: Page): string {
  const late = at - decidedAt < lateMs ? '' : ` (at ${formatUtc(decidedAt)})`;
  return `${reason}${why === '' ? '' : `, ${why}`}${late}`;
}

/**
 * The state of an incident in a few words: `CRITICAL`, `CRITICAL, flapping`,
 * `WARN, acknowledged by responder/ana`, `WARN, resolved by tocsin`.
 */
export function describeState(page: Page): string {
  const severity = page.severity === 'critical' ? 'CRITICAL' : 'WARN';
  if (page.status === 'resolved') return `${severity}, resolved${page.resolvedBy === undefined ? '' : ` by ${page.resolvedBy}`}`;
  const flapping = page.flapping === undefined ? '' : ', flapping';
  if (page.status === 'acknowledged') {
    return `${severity}${flapping}, acknowledged${page.acknowledgedBy === undefined ? '' : ` by ${page.acknowledgedBy}`}`;
  }
  return `${severity}${flapping}`;
}

/** How many alerts the page does not show. */
export function moreAlerts(page: Page): string | undefined {
  const hidden = page.alertCount - page.alerts.length;
  return hidden > 0 ? `and ${counted(hidden, 'more alert')}` : undefined;
}

/** `Likely cause: ...`, then others. */
export function causeLines(causes: readonly Omit<Cause, 'fingerprint'>[]): string[] {
  return causes.map((cause, index) => `${index === 0 ? 'Likely cause' : '  then'}: ${causeText(cause)}`);
}

/** `What changed: model churn deployed, 7 → 8, 12m before it began`, a line each. */
export const changeLines = (page: Pick<Page, 'whatChanged' | 'since'>): string[] =>
  (page.whatChanged ?? []).map((change) => `What changed: ${change.text}, ${whenText(change, page)}`);

/** `Cost so far: 12,400 EUR at stake in ...`, a line for each source. */
export const costLines = ({ costs = [], status }: Pick<Page, 'costs' | 'status'>): string[] =>
  costs.map((cost) => `${status === 'resolved' ? 'Cost' : 'Cost so far'}: ${costText(cost)}`);

/** The most held-back pages a text lists. */
const maxHeldLines = 50;

/** `Held back until now: 12 other pages, 3 of them critical`. */
export function heldTitle({ held }: Page): string {
  const critical = held.filter(({ severity }) => severity === 'critical').length;
  const all = counted(held.length, 'other page');
  return `Held back until now: ${all}${critical === 0 ? '' : `, ${critical === held.length ? 'all' : critical} critical`}`;
}

/** One line per held-back page, at most `max`, then the number of others. */
export function heldLines({ held }: Page, max: number): string[] {
  const lines = held.slice(0, max).map(heldLine);
  const more = held.slice(max);
  if (more.length === 0) return lines;
  const critical = more.filter(({ severity }) => severity === 'critical').length;
  return [...lines, `and ${more.length} more${critical === 0 ? '' : `, ${critical} critical`}`];
}

const heldLine = ({ severity, title, reason, why, incidentId }: HeldPage): string =>
  `${severity} ${title}: ${reason}${why === '' ? '' : `, ${why}`} (${incidentId})`;

/** The page as plain text, one idea per line, for channels without layout. */
export function pageLines(page: Page): string[] {
  const lines = [
    `${describeState(page)}: ${page.title}`,
    `Why this page: ${describeWhy(page)}`,
    // Early, so that it is there in a text message that is cut.
    ...(page.acknowledgeUrl === undefined ? [] : [`Acknowledge: ${page.acknowledgeUrl}`]),
    `Since: ${formatUtc(page.since)} (${formatAge(Math.max(0, page.at - page.since))})`,
    `Category: ${page.category}`,
    `To: ${page.target}${page.tier > 0 ? ` (tier ${page.tier})` : ''}`,
  ];
  if (page.flapping !== undefined && page.reason !== 'flapping') lines.push(`Flapping: ${page.flapping}`);
  if (page.owner !== undefined) lines.push(`Owner: ${page.owner}`);
  lines.push(...costLines(page), ...changeLines(page), ...causeLines(page.causes ?? []));
  for (const { id, title, why } of page.related ?? []) lines.push(`Related to ${id} (${title}): ${why}`);
  if (page.status === 'resolved' && page.resolveReason !== undefined) lines.push(`Resolved because: ${page.resolveReason}`);
  for (const alert of page.alerts) {
    const state = alert.state === 'muted' ? `muted: ${alert.muted?.text ?? 'no reason given'}` : alert.state;
    lines.push('', `${alert.title} [${alert.severity}, ${state}]`);
    const labels = describeLabels(alert.labels);
    if (labels !== '') lines.push(`  ${labels}`);
    const numbers = describeNumbers(alert);
    if (numbers !== '') lines.push(`  ${numbers}`);
    if (alert.reason !== '') lines.push(`  ${alert.reason}`);
    if (alert.cuts !== undefined) lines.push(`  ${cutsText(alert.cuts)}`);
    for (const trace of traceLines(alert)) lines.push(`  ${trace}`);
    const when = describeWhen(alert);
    if (when !== '') lines.push(`  ${when}`);
  }
  const more = moreAlerts(page);
  if (more !== undefined) lines.push('', more);
  if (page.rollback !== undefined) lines.push('', `Rollback ${page.rollback.name}: ${page.rollback.text}`);
  if (page.held.length > 0) lines.push('', `${heldTitle(page)}:`, ...heldLines(page, maxHeldLines).map((line) => `  ${line}`));
  lines.push('', ...linkLines(page));
  return lines;
}

/** The last lines of a page: where to read on. */
export const linkLines = (page: Pick<Page, 'chart' | 'runbookUrl' | 'incidentId' | 'incidentUrl'>): string[] => [
  ...(page.chart === undefined ? [] : [`Chart: ${page.chart.url}`]),
  ...(page.runbookUrl === undefined ? [] : [`Runbook: ${page.runbookUrl}`]),
  `Incident ${page.incidentId}: ${page.incidentUrl}`,
];
