import { html } from 'hono/html';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { type Turn, whyText } from '../../core/response/oncall/in-force.ts';
import type { InsufficientEvidence } from '../../core/selfcheck/vitals/undecided.ts';
import { formatUtc } from '../../core/vocabulary/format.ts';
import { isPaging, severityRank } from '../../core/vocabulary/severity.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';
import type { Html } from './layout.ts';

/** Its worst severity, once it is over. */
export function severityBadge({ severity, worst, status }: Pick<Incident, 'severity' | 'worst' | 'status'>): Html {
  return status === 'resolved'
    ? html`<span class="badge past ${worst}">${worst}</span>`
    : html`<span class="badge ${severity}">${severity}</span>`;
}

type Shown = {
  open: readonly Incident[];
  resolved: readonly Incident[];
  undecided: readonly InsufficientEvidence[];
  turns: readonly Turn[];
};

/**
 * The list of incidents: open ones first, worst on top, then the latest resolved. In between: rules
 * that cannot judge, which does not mean healthy, and who is on call.
 */
export function incidentsPage({ open, resolved, undecided, turns }: Shown, now: number): Html {
  return html`<h1>Incidents</h1>
<h2>Open (${open.length})</h2>
${
  open.length === 0
    ? html`<p class="dim">None. All is well, as far as the rules can tell.</p>`
    : table(
        open.toSorted((a, b) => severityRank[b.severity] - severityRank[a.severity]),
        now,
      )
}
${undecided.length === 0 ? '' : undecidedTable(undecided)}${turns.length === 0 ? '' : html`<h2>On call</h2><dl class="facts">${turns.map(turnRow)}</dl>`}<h2>Resolved</h2>
${resolved.length === 0 ? html`<p class="dim">None yet.</p>` : table(resolved, now)}`;
}

function turnRow(turn: Turn): Html {
  const why = whyText(turn);
  return html`<dt>${turn.schedule}</dt><dd>${turn.responder}${why === '' ? '' : ` (${why})`} <span class="dim">until ${formatUtc(turn.until)}, then ${turn.next}</span></dd>`;
}

function table(incidents: readonly Incident[], now: number): Html {
  return html`<table>
<thead><tr><th>Severity</th><th>Incident</th><th>State</th><th>Since</th><th>For</th></tr></thead>
<tbody>${incidents.map((incident) => row(incident, now))}</tbody>
</table>`;
}

function undecidedTable(undecided: readonly InsufficientEvidence[]): Html {
  return html`<h2>Insufficient evidence (${undecided.length})</h2>
<table>
<thead><tr><th>Rule</th><th>Series</th><th>Why</th><th>Since</th></tr></thead>
<tbody>${undecided.map(
    ({ rule, series, of, reason, since }) => html`<tr>
<td>${rule}</td>
<td>${series} of ${of}</td>
<td class="dim">${reason}</td>
<td class="time">${formatUtc(since)}</td>
</tr>`,
  )}</tbody>
</table>
`;
}

function row(incident: Incident, now: number): Html {
  const end = incident.resolvedAt ?? now;
  return html`<tr>
<td class="badges">${severityBadge(incident)}</td>
<td><a href="/incidents/${incident.id}">${incident.title}</a><br><span class="dim">${incident.alerts[0]?.reason ?? ''}</span></td>
<td class="state">${stateText(incident)}</td>
<td class="time">${formatUtc(incident.since)}</td>
<td class="time">${formatDuration(Math.max(0, Math.round((end - incident.since) / 60_000) * 60_000))}</td>
</tr>`;
}

export function stateText(incident: Incident): string {
  switch (incident.status) {
    case 'waiting':
      if (incident.counts.muted > 0) return 'muted';
      return isPaging(incident.severity) ? 'waiting' : 'recorded';
    case 'triggered':
      return incident.escalation.fallback ? 'fallback paged' : `tier ${incident.escalation.tier} paged`;
    case 'acknowledged':
      return `acknowledged by ${incident.acknowledgedBy ?? 'someone'}`;
    case 'resolved':
      return `resolved by ${incident.resolvedBy ?? 'tocsin'}`;
  }
}
