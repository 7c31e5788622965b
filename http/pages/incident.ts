import { html } from 'hono/html';
import { formatDuration } from '../../core/config/units.ts';
import type { AlertBrief, Incident } from '../../core/incidents/incident.ts';
import type { TimelineEntry } from '../../core/incidents/timeline.ts';
import { describeLabels, describeNumbers, formatUtc } from '../../core/paging/describe.ts';
import { severityBadge, stateText } from './incidents.ts';
import type { Html } from './layout.ts';

/** One incident: what, how bad, since when, what can be done, and its whole timeline. */
export function incidentPage(incident: Incident, timeline: readonly TimelineEntry[], now: number, message: string | undefined): Html {
  const lead = incident.alerts[0];
  const hidden = incident.counts.critical + incident.counts.warn + incident.counts.muted + incident.counts.resolved - incident.alerts.length;
  return html`<p>${severityBadge(incident)} <span class="dim">${incident.id}</span></p>
<h1>${incident.title}</h1>
${message === undefined ? '' : html`<p class="message">${message}</p>`}
<dl class="facts">
<dt>State</dt><dd>${stateText(incident)}${incident.resolveReason === undefined ? '' : `: ${incident.resolveReason}`}</dd>
<dt>Since</dt><dd>${formatUtc(incident.since)} (${formatDuration(Math.max(0, (incident.resolvedAt ?? now) - incident.since))})</dd>
<dt>Category</dt><dd>${incident.category}, policy ${incident.policies[incident.policyKey]?.name ?? 'not chosen yet'}</dd>
${lead?.owner === undefined ? '' : html`<dt>Owner</dt><dd>${lead.owner}</dd>`}
${lead === undefined ? '' : html`<dt>Runbook</dt><dd><a href="/runbooks/${lead.runbook}">${lead.runbook}</a></dd>`}
${incident.rollback === undefined ? '' : html`<dt>Rollback</dt><dd>${incident.rollback.deployment}: ${incident.rollback.state}, ${incident.rollback.reason}</dd>`}
</dl>
${actions(incident)}
<h2>Alerts</h2>
<table>
<thead><tr><th>State</th><th>Alert</th><th>Since</th></tr></thead>
<tbody>${incident.alerts.map(alertRow)}</tbody>
</table>
${hidden > 0 ? html`<p class="dim">and ${hidden} more</p>` : ''}
<h2>Timeline</h2>
<table>
<thead><tr><th>Time (UTC)</th><th>What</th><th>Why</th><th>Who</th></tr></thead>
<tbody>${timeline.map(entryRow)}</tbody>
</table>`;
}

function actions(incident: Incident): Html {
  if (incident.status === 'resolved') return html``;
  const acknowledge = incident.status === 'acknowledged' ? html`` : button(incident, 'acknowledge', 'Acknowledge', 'first');
  const offered = incident.rollback !== undefined && ['offered', 'refused', 'failed'].includes(incident.rollback.state);
  return html`<div class="actions">${acknowledge}${button(incident, 'resolve', 'Resolve')}${button(incident, 'escalate', 'Escalate')}${
    offered ? button(incident, 'rollback', 'Roll back') : ''
  }</div>`;
}

function button(incident: Incident, response: string, text: string, look = ''): Html {
  return html`<form method="post" action="/incidents/${incident.id}/${response}"><button class="${look}">${text}</button></form>`;
}

function alertRow(alert: AlertBrief): Html {
  const badge = alert.state === 'firing' ? alert.severity : alert.state;
  const numbers = describeNumbers(alert);
  return html`<tr>
<td><span class="badge ${badge}">${alert.state === 'firing' ? alert.severity : alert.state}</span></td>
<td>${alert.title}<br><span class="dim">${describeLabels(alert.labels)}</span>${numbers === '' ? '' : html`<br>${numbers}`}<br>${alert.reason}${
    alert.muted === undefined ? '' : html`<br>muted: ${alert.muted}`
  }</td>
<td class="time">${formatUtc(alert.since)}</td>
</tr>`;
}

function entryRow(entry: TimelineEntry): Html {
  return html`<tr><td class="time">${new Date(entry.at).toISOString().slice(0, 19).replace('T', ' ')}</td><td class="kind">${entry.kind}</td><td>${entry.text}</td><td class="dim">${entry.actor}</td></tr>`;
}
