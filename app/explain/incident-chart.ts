import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import type { HistoryEntry } from '../../core/alerting/judgements/history/entry.ts';
import { breachStrip } from '../../core/charts/breach-strip.ts';
import type { Plot, Strip } from '../../core/charts/plot.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { describeLabels, formatValue } from '../../core/vocabulary/format.ts';
import type { Ports } from '../ports/ports.ts';
import { entriesOf } from './history.ts';

const hour = 3_600_000;
/** What came before is as important as the breach. */
const leastBefore = 6 * hour;
const mostEntries = 800;

/** `sentence`: the same in words, for those who do not see it. */
export type IncidentChart = { plot: Plot; sentence: string };

/**
 * The metric of the alert that an incident is about, from before it began until it ended; undefined
 * if nothing is known of it, as of an alert that another system judges.
 */
export async function incidentChart(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  incident: Incident,
  timeline: readonly TimelineEntry[],
  now: number,
): Promise<IncidentChart | undefined> {
  const alert = incident.alerts.find(({ ruleId }) => Object.hasOwn(config.rules, ruleId));
  if (alert === undefined) return undefined;
  const to = incident.resolvedAt ?? now;
  const from = incident.since - Math.max(leastBefore, (to - incident.since) / 2);
  const { ruleId: rule, fingerprint } = alert;
  const entries = await entriesOf({ store }, { rule, fingerprint, from, to: to + 1, most: mostEntries }, now);
  const valued = entries.filter(({ value }) => value !== undefined);
  if (valued.length < 2) return undefined;
  const title = `${alert.title} {${describeLabels(alert.labels)}}`;
  const strips = [breachStrip(entries, to), pagesOf(timeline)];
  // If the series is younger, the chart begins where the series does.
  const begins = Math.max(from, valued[0]?.at ?? from);
  return { plot: { title, from: begins, to, judgements: entries, strips, windows: [] }, sentence: sentenceOf(alert, valued) };
}

const pagesOf = (timeline: readonly TimelineEntry[]): Strip => ({
  name: 'pages',
  spans: [],
  marks: timeline.flatMap(({ kind, at }) => (kind === 'page' ? [{ at, wrong: false }] : [])),
});

function sentenceOf({ title }: AlertSummary, valued: readonly HistoryEntry[]): string {
  const values = valued.flatMap(({ value, of }) => [of?.low ?? value ?? 0, of?.high ?? value ?? 0]);
  const last = valued.at(-1);
  const baseline = last?.baseline === undefined ? '' : `, its baseline ${formatValue(last.baseline)}`;
  return `${title}: from ${formatValue(Math.min(...values))} to ${formatValue(Math.max(...values))}, ${formatValue(last?.value ?? 0)} at the end${baseline}`;
}
