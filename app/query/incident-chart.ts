import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import { chartConfidence, chartPoints } from '../../core/alerting/judgements/history/chart-points.ts';
import type { HistoryEntry } from '../../core/alerting/judgements/history/entry.ts';
import type { Chart } from '../../core/charts/chart.ts';
import { chartSentence } from '../../core/charts/words.ts';
import { isKept } from '../../core/detection/baselines/kept-baseline.ts';
import { incidentMarks } from '../../core/response/incidents/chart-marks.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { namedBy } from '../../core/response/incidents/title.ts';
import { changeText } from '../../core/telemetry/changes/change-text.ts';
import type { Fingerprint } from '../../core/vocabulary/ids.ts';
import { entriesOf } from '../explain/history.ts';
import type { Ports } from '../ports/ports.ts';
import { mattersHere } from './incident-detail.ts';
import { versionStarts } from './version-starts.ts';
import { toldIn } from './what-changed.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** What came before is as important as the breach. */
const leastBefore = 6 * hour;
const mostEntries = 800;
/** Changes that others tell of: a chart full of flags says nothing. */
const mostMarks = 20;

export const chartRanges = { '24h': day, '3d': 3 * day, '14d': 14 * day, '45d': 45 * day } as const;
export type ChartRange = keyof typeof chartRanges;

/**
 * What part of the time; absent: from before it began until it ended, or until now. `series`: of
 * which alert.
 */
export type ChartRequest = {
  range?: ChartRange | undefined;
  span?: { from: number; to: number } | undefined;
  series?: Fingerprint | undefined;
};

export type IncidentChart = {
  chart: Chart;
  /** The alert that it is about, and all that have a chart. */
  alert: AlertSummary;
  alerts: readonly AlertSummary[];
  entries: readonly HistoryEntry[];
  /** Of the intervals; undefined: values have none. */
  confidence: number | undefined;
  /** The same in words, for those who do not see it. */
  sentence: string;
};

type Reading = Pick<Ports, 'store' | 'config'>;

/**
 * The metric of one alert of an incident, with how it was judged and what happened meanwhile;
 * undefined if nothing is known of it, as of an alert that another system judges.
 */
export async function incidentChart(
  { store, config }: Reading,
  incident: Incident,
  timeline: readonly TimelineEntry[],
  now: number,
  request: ChartRequest = {},
): Promise<IncidentChart | undefined> {
  const alerts = incident.alerts.filter(({ ruleId }) => Object.hasOwn(config.rules, ruleId));
  const wanted = request.series ?? namedBy(incident)?.fingerprint;
  const found = alerts.find(({ fingerprint }) => fingerprint === wanted);
  const alert = request.series === undefined ? (found ?? alerts[0]) : found;
  if (alert === undefined) return undefined;
  const { ruleId: rule, fingerprint } = alert;
  const asked = spanOf(incident, request, now);
  const entries = await entriesOf({ store }, { rule, fingerprint, from: asked.from, to: asked.to + 1, most: mostEntries }, now);
  const valued = entries.filter(({ value }) => value !== undefined);
  const isAsked = request.range !== undefined || request.span !== undefined;
  if (valued.length < 2 && !isAsked) return undefined;
  const confidence = chartConfidence(config.rules[rule]);
  const labels = Object.values(alert.labels).join(', ');
  // If the series is younger, the chart begins where the series does.
  const from = isAsked ? asked.from : Math.max(asked.from, valued[0]?.at ?? asked.from);
  const span = { from, to: asked.to };
  const [starts, told] = await Promise.all([versionStarts({ store, config }, rule, span), toldIn(store, span)]);
  const matters = mattersHere({ config }, incident);
  const deploys = [
    ...starts.map(({ at, version }) => ({ at, text: `${version} serves` })),
    ...told
      .filter(matters)
      .slice(0, mostMarks)
      .map((change) => ({ at: change.at, text: changeText(change) })),
  ];
  const chart: Chart = {
    title: labels === '' ? alert.title : `${alert.title} (${labels})`,
    ...span,
    points: chartPoints(entries, confidence),
    marks: incidentMarks(timeline, deploys, span),
    isPinned: alert.baseline !== undefined && alert.state !== 'resolved' && isKept(alert.baseline),
  };
  const sentence = chartSentence({ ...chart, title: alert.title }, confidence);
  return { chart, alert, alerts, entries, confidence, sentence };
}

function spanOf({ since, resolvedAt }: Incident, { range, span }: ChartRequest, now: number): { from: number; to: number } {
  if (span !== undefined) return span;
  const end = resolvedAt ?? now;
  if (range === undefined) return { from: since - Math.max(leastBefore, (end - since) / 2), to: end };
  // What came after the end shows whether it lasts.
  const to = Math.min(now, end + chartRanges[range] / 4);
  return { from: to - chartRanges[range], to };
}
