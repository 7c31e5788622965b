import type { Alert } from '../../alerting/alerts/alert.ts';
import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import { summarize } from '../../alerting/alerts/alert-summary.ts';
import type { AlertChangeKind } from '../../alerting/alerts/change-kind.ts';
import { severityRank } from '../../vocabulary/severity.ts';
import type { Draft } from './draft.ts';
import type { Incident } from './incident.ts';
import type { TimelineData } from './timeline-data.ts';

/** How many alerts an incident carries in full. Counts are exact for any number. */
export const maxSummaries = 50;

/** A changed alert on its way into an incident; `was`: how it counted there before. */
export type Joining = { before: Alert | undefined; after: Alert; change: AlertChangeKind; was: Alert['joined'] };

const byState = { firing: 2, muted: 1, resolved: 0 } as const;

/** Counts alerts in, and keeps the summaries of the worst ones. */
export function join(draft: Draft, changes: readonly Joining[]): Alert[] {
  const { incident } = draft;
  const summaries = new Map(incident.alerts.map((summary) => [summary.fingerprint, summary]));
  const joined = changes.map((change) => joinOne(draft, summaries, change));
  incident.alerts = worstOf([...summaries.values()], keptOf(incident));
  return joined;
}

function joinOne(draft: Draft, summaries: Map<string, AlertSummary>, { before, after, change, was }: Joining): Alert {
  const { incident } = draft;
  const known = summaries.get(after.fingerprint);
  const summary = summarize(after, draft.config, known);
  const joined = { incidentId: incident.id, severity: after.severity, state: summary.state };
  if (was !== undefined) count(incident, was, -1);
  // The resolved alert was forgotten. When it fires again, it is still the same one.
  else if (known?.state === 'resolved' && incident.counts.resolved > 0) incident.counts.resolved -= 1;
  count(incident, joined, 1);
  incident.since = Math.min(incident.since, after.since);
  // The last changed comes last among equals.
  summaries.delete(summary.fingerprint);
  summaries.set(summary.fingerprint, summary);
  const name = `${summary.title}${labelText(summary, incident)}`;
  const options = { severity: after.severity, data: dataOf(summary) };
  if (after.settled !== undefined && before?.settled?.at !== after.settled.at)
    draft.note(after.settled.outcome, `${name}: ${after.settled.text}`, options);
  if (summary.state === 'muted' && was?.state !== 'muted')
    draft.note('muted', `${name}: no page, ${summary.muted?.text ?? 'for an unknown reason'}`, {
      ...options,
      data: { ...options.data, mutedBy: summary.muted?.by },
    });
  else if (summary.state === 'firing' && was?.state === 'muted') draft.note('unmuted', `${name}: no longer muted`, options);
  else if (summary.state === 'firing' && (was === undefined || was.state === 'resolved'))
    draft.note('alert fired', `${name}: ${summary.reason}`, options);
  else if (summary.state === 'resolved') draft.note('alert resolved', `${name}: ${summary.reason}`, options);
  else if (change === 'severity raised' || change === 'severity lowered')
    draft.note(change, `${name} is now ${after.severity}: ${summary.reason}`, options);
  return { ...after, joined };
}

/**
 * Always kept: the alert a rollback is about, whose recovery is checked later, and likely causes.
 */
function keptOf({ rollback, causes }: Incident): ReadonlySet<string | undefined> {
  return new Set([rollback?.fingerprint, ...(causes ?? []).map(({ fingerprint }) => fingerprint)]);
}

function worstOf(summaries: AlertSummary[], kept: ReadonlySet<string | undefined>): AlertSummary[] {
  const sorted = summaries.toSorted(
    (a, b) => byState[b.state] - byState[a.state] || severityRank[b.severity] - severityRank[a.severity] || a.since - b.since,
  );
  const left = sorted.slice(maxSummaries).filter(({ fingerprint }) => kept.has(fingerprint));
  if (left.length === 0) return sorted.slice(0, maxSummaries);
  const others = sorted.slice(0, maxSummaries);
  // Makes room by dropping the least severe briefs that nothing needs.
  for (let place = others.length - 1; place >= 0 && others.length + left.length > maxSummaries; place -= 1)
    if (!kept.has(others[place]?.fingerprint)) others.splice(place, 1);
  return [...others, ...left];
}

function dataOf({ ruleId, fingerprint, labels, value, baseline, degradation, severity }: AlertSummary): TimelineData {
  return { rule: ruleId, fingerprint, labels, value, baseline: baseline?.value, degradation, severity };
}

/** Labels that tell the alert from others of its incident. */
function labelText(summary: AlertSummary, incident: Incident): string {
  const own = Object.entries(summary.labels).filter(([name, value]) => incident.groupLabels[name] !== value);
  return own.length === 0 ? '' : ` {${own.map(([name, value]) => `${name}=${value}`).join(', ')}}`;
}

function count(incident: Incident, joined: NonNullable<Alert['joined']>, by: 1 | -1): void {
  incident.counts[joined.state === 'firing' ? joined.severity : joined.state] += by;
}
