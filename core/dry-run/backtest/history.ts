import type { PlotPoint } from '../../charts/plot.ts';
import { askingKindOf } from '../../detection/kinds/table.ts';
import { isAsking, type Rule } from '../../detection/rules/rule-schema.ts';
import type { Verdict, VerdictStatus } from '../../detection/verdict.ts';
import type { TimelineEntry } from '../../response/incidents/timeline.ts';
import { causedByAlert } from '../../response/paging/posted.ts';
import { labelsKey } from '../../vocabulary/labels-key.ts';
import type { Labels, Severity } from '../../vocabulary/schema-parts.ts';
import { pagedAs } from '../../vocabulary/severity.ts';

/** One verdict, as a plot shows it. */
export type Judgement = PlotPoint & { status: VerdictStatus };

/** A span in which one series had a firing (or recovering) alert; `severity` is its worst. */
export type Firing = { labels: Labels; severity: Severity; from: number; to: number };

/** A reason to page somebody: one per reason of an incident, however many targets it went to. */
export type PagedFor = { at: number; severity: Severity; reason: string };

/**
 * What one rule did with recorded data. Milliseconds since the epoch; `from` and `to` bound the
 * scored part.
 */
export type History = {
  from: number;
  to: number;
  /**
   * How far back one point of the rule looks, in milliseconds: an alert may be about something that
   * ended that long before it.
   */
  reach: number;
  firing: Firing[];
  pages: PagedFor[];
  incidents: number;
  /** Further pages, because nobody acknowledges in a replay. */
  escalations: number;
  series: { labels: Labels; judgements: Judgement[] }[];
};

/**
 * Reads firings and pages from a timeline, oldest first. An alert that never ended fires until
 * `to`.
 */
export function eventsOf(timeline: readonly TimelineEntry[], from: number, to: number): Omit<History, 'series' | 'reach'> {
  const open = new Map<string, Firing>();
  const firing: Firing[] = [];
  const pages = new Map<string, PagedFor>();
  const incidents = new Set<string>();
  let escalations = 0;
  for (const { at, kind, severity, data, incidentId } of timeline) {
    const labels = data?.labels;
    const key = labels === undefined ? '' : labelsKey(labels);
    const known = open.get(key);
    if (kind === 'alert fired' && labels !== undefined && known === undefined) {
      const one: Firing = { labels, severity: pagedAs(severity), from: at, to };
      firing.push(one);
      open.set(key, one);
    } else if (kind === 'severity raised' && known !== undefined) {
      known.severity = pagedAs(severity);
    } else if (kind === 'alert resolved' && known !== undefined) {
      known.to = at;
      open.delete(key);
    }
    if (at < from) continue;
    if (kind === 'opened' || kind === 'reopened') incidents.add(incidentId);
    const reason = data?.reason;
    if (kind !== 'page') continue;
    if (reason !== undefined && causedByAlert(reason))
      pages.set(`${incidentId} ${at} ${reason}`, { at, severity: pagedAs(severity), reason });
    else if (reason === 'escalated') escalations += 1;
  }
  const scored = firing.filter((one) => one.to > from).map((one) => ({ ...one, from: Math.max(from, one.from) }));
  return { from, to, firing: scored, pages: [...pages.values()], incidents: incidents.size, escalations };
}

/**
 * A verdict with the bounds it was judged by: those of the rule's bands, or the one the verdict
 * names.
 */
export function judgementOf(rule: Rule, verdict: Verdict): Judgement {
  const { at, status, point, baseline, bound } = verdict;
  const bounds = isAsking(rule) ? askingKindOf(rule).plotted(rule, verdict) : { warn: bound };
  const real = (value: number | undefined): number | undefined => (Number.isFinite(value) ? value : undefined);
  // Without a point at this time the value is unknown, even if an older one was used.
  return {
    at,
    status,
    value: status === 'no data' ? undefined : real(point?.value),
    baseline: real(baseline?.value),
    warn: real(bounds.warn),
    critical: real(bounds.critical),
  };
}
