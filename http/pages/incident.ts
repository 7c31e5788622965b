import { html } from 'hono/html';
import type { IncidentChart } from '../../app/query/incident-chart.ts';
import type { IncidentDetail } from '../../app/query/incident-detail.ts';
import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import { cutsText } from '../../core/alerting/alerts/posted-cuts.ts';
import { describeBaseline } from '../../core/detection/baselines/describe-baseline.ts';
import { isKept } from '../../core/detection/baselines/kept-baseline.ts';
import type { Incident, PolicySnapshot } from '../../core/response/incidents/incident.ts';
import { mostNoteChars } from '../../core/response/incidents/note.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import { describeWhen } from '../../core/response/paging/describe.ts';
import { runbookAddress } from '../../core/response/runbooks/address.ts';
import { termsText } from '../../core/statistics/distributions/value.ts';
import { describeLabels, formatUtc, formatValue } from '../../core/vocabulary/format.ts';
import { formatAge, formatDuration } from '../../core/vocabulary/units.ts';
import { type IncidentDetailDto, incidentDetailDto } from '../api/dto/incident-detail.ts';
import { msOf } from '../api/dto/time.ts';
import { severityBadge, stateText } from './incidents.ts';
import type { Html } from './layout.ts';

/** One incident: what, severity, since when, possible actions, and its whole timeline. */
export function incidentPage(known: IncidentDetail, now: number, message: string | undefined, chart?: IncidentChart): Html {
  const { incident, timeline } = known;
  const detail = incidentDetailDto(known, () => undefined, now);
  const lead = incident.alerts[0];
  const { critical, warn, info, muted, resolved } = incident.counts;
  const hidden = critical + warn + info + muted + resolved - incident.alerts.length;
  const runbooks = [...new Set(incident.alerts.map(({ runbook }) => runbook))].filter((name) => name !== '');
  const policy = incident.policies[incident.policyKey];
  const next = nextText(incident);
  return html`<p>${severityBadge(incident)} <span class="dim">${incident.id}</span></p>
<h1>${detail.headline.text}</h1>
${detail.headline.detail === '' ? '' : html`<p class="lede">${detail.headline.detail}</p>`}
${message === undefined ? '' : html`<p class="message">${message}</p>`}
<dl class="facts">
<dt>State</dt><dd>${stateText(incident)}${incident.resolveReason === undefined ? '' : `: ${incident.resolveReason}`}</dd>
${next === undefined ? '' : html`<dt>Next</dt><dd>${next}</dd>`}
${incident.flapping === undefined ? '' : html`<dt>Flapping</dt><dd>${flappingText(incident)}</dd>`}
<dt>Since</dt><dd>${formatUtc(incident.since)} (${formatAge(Math.max(0, (incident.resolvedAt ?? now) - incident.since))})</dd>
${detail.costs.map(({ text }) => html`<dt>Cost</dt><dd>${text}</dd>`)}
<dt>Category</dt><dd>${incident.category}, policy ${policy?.name ?? 'not chosen yet'}${policy === undefined ? '' : targetsText(policy)}</dd>
${lead?.owner === undefined ? '' : html`<dt>Owner</dt><dd>${lead.owner}</dd>`}
${runbooks.length === 0 ? '' : html`<dt>Runbook</dt><dd>${runbooks.map((name) => html`<a href="${runbookAddress(name, '')}">${name}</a> `)}</dd>`}
${incident.rollback === undefined ? '' : html`<dt>Rollback</dt><dd>${incident.rollback.deployment}: ${incident.rollback.state}, ${incident.rollback.reason}</dd>`}
</dl>
${actions(incident, detail)}
${chart === undefined ? '' : chartOf(incident.id, chart.sentence)}
${causesOf(incident)}
${relatedTo(incident)}
${ladderOf(detail)}
${changesOf(detail)}
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

/** What it does, and when it ends. */
function flappingText({ flapping, deadlines }: Incident): string {
  const until =
    deadlines.steady === undefined ? '' : `; open until ${formatUtc(deadlines.steady)} or later, as long as alerts come and go`;
  return `${flapping?.text ?? ''}${until}`;
}

function causesOf({ causes = [] }: Incident): Html {
  if (causes.length === 0) return html``;
  return html`<h2>Likely cause</h2>
<ol>${causes.map(({ title, where, reasons }) => html`<li>${title}${where === undefined ? '' : html` <span class="dim">${where}</span>`}<br><span class="dim">${reasons.join('; ')}</span></li>`)}</ol>`;
}

/** Who was paged and how that went, and who is paged if nobody acts. */
function ladderOf({ ladder }: IncidentDetailDto): Html {
  if (ladder.length === 0) return html``;
  return html`<h2>Who is paged, and when</h2>
<ol class="ladder">${ladder.map(
    ({ state, at, tier, pages }) =>
      html`<li class="${state}">${formatUtc(msOf(at))}: ${state === 'coming' ? 'unless someone acts, ' : ''}${tier > 0 ? `tier ${tier}, ` : ''}${pages
        .map(({ name, outcome }) =>
          outcome === undefined ? name : `${name} (${outcome === 'sending' ? 'not delivered yet' : outcome})`,
        )
        .join(', ')}</li>`,
  )}</ol>`;
}

function changesOf({ changes, changesFrom, changesComplete }: IncidentDetailDto): Html {
  const from = formatUtc(msOf(changesFrom));
  if (changes.length === 0 && changesComplete)
    return html`<h2>What changed</h2><p class="dim">Nothing that Tocsin knows of since ${from}, 24 h before it began.</p>`;
  return html`<h2>What changed</h2>
<ul>${changes.map(({ at, text, by, link }) => html`<li>${formatUtc(msOf(at))}: ${link === undefined ? text : html`<a href="${link}" rel="noreferrer">${text}</a>`} <span class="dim">${by}</span></li>`)}</ul>
<p class="dim">${changesComplete ? `Nothing else since ${from}.` : html`Only the latest; <a href="/audit">the audit log</a> has more.`}</p>`;
}

function relatedTo({ related = [] }: Incident): Html {
  if (related.length === 0) return html``;
  return html`<h2>Related incidents</h2>
<ul>${related.map(({ id, title, why }) => html`<li><a href="/incidents/${id}">${title}</a><br><span class="dim">${why}</span></li>`)}</ul>`;
}

/** Only what this person may do now, as forms. */
function actions(incident: Incident, { actions: all }: IncidentDetailDto): Html {
  const may = (name: IncidentDetailDto['actions'][number]['name']): boolean =>
    all.some((one) => one.name === name && one.allowed);
  const note = may('note') ? noteForm(incident.id) : html``;
  if (incident.status === 'resolved') return note;
  const acknowledge = may('acknowledge') ? button(incident, 'acknowledge', 'Acknowledge', 'first') : html``;
  const resolve = may('resolve') ? button(incident, 'resolve', 'Resolve') : html``;
  const escalate = may('escalate') ? button(incident, 'escalate', 'Escalate') : html``;
  const offered = incident.rollback !== undefined && ['offered', 'refused', 'failed'].includes(incident.rollback.state);
  return html`<div class="actions">${acknowledge}${resolve}${escalate}${
    offered && may('rollback') ? confirmed(incident) : ''
  }</div>${note}`;
}

const noteForm = (id: string): Html =>
  html`<details><summary>Note something</summary><form method="post" action="/incidents/${id}/note"><label>What you found out or did; it goes on the timeline.<br><input name="text" maxlength="${mostNoteChars}" required></label> <input type="submit" value="Note"></form></details>`;

/** A rollback takes two clicks, because it changes production. */
function confirmed(incident: Incident): Html {
  const { deployment = '', reason = '', state, from, to } = incident.rollback ?? {};
  const what = state === 'offered' && from !== undefined && to !== undefined ? `return from ${from} to ${to}; ${reason}` : reason;
  return html`<details><summary>Roll back</summary><p>${deployment}: ${what}</p>${button(incident, 'rollback', 'Roll back now')}</details>`;
}

/** What happens next, and when, unless somebody acts. */
function nextText({ status, deadlines, escalation, policies, policyKey }: Incident): string | undefined {
  if (status === 'waiting' && deadlines.groupWait !== undefined) return `first page at ${formatUtc(deadlines.groupWait)}`;
  if (status === 'resolved' && deadlines.recheck !== undefined)
    return `comes back at ${formatUtc(deadlines.recheck)} if it still fires`;
  if (deadlines.resolve !== undefined) return `resolves at ${formatUtc(deadlines.resolve)} unless an alert fires again`;
  if (deadlines.acknowledge !== undefined) {
    const last = escalation.tier >= (policies[policyKey]?.tiers.length ?? 0);
    return `${last ? 'escalates' : `tier ${escalation.tier + 1} is paged`} at ${formatUtc(deadlines.acknowledge)} unless someone acknowledges`;
  }
  if (deadlines.restart !== undefined)
    return `everyone has been paged; escalation restarts at tier 1 at ${formatUtc(deadlines.restart)} unless someone acknowledges`;
  if (deadlines.ackTimeout !== undefined) return `escalates again at ${formatUtc(deadlines.ackTimeout)} unless it is resolved`;
  return undefined;
}

function targetsText({ ackTarget, resolveTarget }: PolicySnapshot): string {
  const texts = [
    ...(ackTarget === undefined ? [] : [`acknowledge within ${formatDuration(ackTarget)}`]),
    ...(resolveTarget === undefined ? [] : [`resolve within ${formatDuration(resolveTarget)}`]),
  ];
  return texts.length === 0 ? '' : `: ${texts.join(', ')}`;
}

/**
 * The chart, drawn narrower for a phone, where texts of the wide one would be too small to read.
 */
function chartOf(id: string, sentence: string): Html {
  const address = `/incidents/${id}/chart.svg`;
  return html`<p><picture><source media="(max-width: 40rem)" srcset="${address}?size=narrow"><img class="chart" src="${address}" alt="${sentence}"></picture></p>`;
}

function button(incident: Incident, response: string, text: string, look = ''): Html {
  return html`<form method="post" action="/incidents/${incident.id}/${response}"><button class="${look}">${text}</button></form>`;
}

function alertRow(alert: AlertSummary): Html {
  const badge = alert.state === 'firing' ? alert.severity : alert.state;
  return html`<tr>
<td class="badges"><span class="badge ${badge}">${badge}</span></td>
<td>${alert.title}<br><span class="dim">${describeLabels(alert.labels)}</span><br>${alert.reason}${
    describeWhen(alert) === '' ? '' : html`<br><span class="dim">${describeWhen(alert)}</span>`
  }${
    alert.muted === undefined ? '' : html`<br>muted: ${alert.muted.text}`
  }${alert.cuts === undefined ? '' : html`<br><span class="dim">${cutsText(alert.cuts)}</span>`}${
    alert.provisional === undefined ? '' : html`<br><strong>${provisionalText[alert.provisional]}</strong>`
  }${
    alert.settled === undefined ? '' : html`<br>${alert.settled}`
  }${alert.baseline === undefined ? '' : html`<br><span class="dim">compared with ${baselineText(alert)}</span>`}${
    alert.drift === undefined ? '' : html`<br><span class="dim">${termsText(alert.drift)}</span>`
  }${(alert.traces ?? []).map(traceLink)}${alert.link === undefined ? '' : html`<br><a href="${alert.link}" rel="noreferrer">Where it is judged</a>`}</td>
<td class="time">${formatUtc(alert.since)}</td>
</tr>`;
}

const traceLink = ({ trace, value, link }: NonNullable<AlertSummary['traces']>[number]): Html =>
  html`<br><span class="dim">trace ${link === undefined ? trace : html`<a href="${link}" rel="noreferrer">${trace}</a>`} (${formatValue(value)})</span>`;

const provisionalText = {
  labels: 'provisional: it is judged again when its labels have come',
  estimate: 'an estimate from scores: it is compared with the truth when labels have come',
} as const;

/** The alert's reference value, since when it applies, and the time it was learned from. */
function baselineText({ baseline, state }: AlertSummary): string {
  if (baseline === undefined) return '';
  const frozen = state === 'resolved' || !isKept(baseline) ? '' : '; pinned while the alert fires';
  const span =
    'to' in baseline && baseline.to > baseline.from ? `, from ${formatUtc(baseline.from)} to ${formatUtc(baseline.to)}` : '';
  return `${describeBaseline(baseline)}${span}${frozen}`;
}

function entryRow(entry: TimelineEntry): Html {
  return html`<tr><td class="time">${new Date(entry.at).toISOString().slice(0, 19).replace('T', ' ')}</td><td class="kind">${entry.kind}</td><td>${entry.text}</td><td class="who dim">${entry.actor}</td></tr>`;
}
