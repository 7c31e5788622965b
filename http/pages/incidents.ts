import { html } from 'hono/html';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { type Turn, whyText } from '../../core/response/oncall/in-force.ts';
import { policyText } from '../../core/selfcheck/digest/lines.ts';
import type { PagesOfWeek } from '../../core/selfcheck/digest/stored-pages.ts';
import type { InsufficientEvidence } from '../../core/selfcheck/vitals/undecided.ts';
import type { RuleState } from '../../core/selfcheck/why/rule-state.ts';
import { counted } from '../../core/vocabulary/counted.ts';
import { formatUtc } from '../../core/vocabulary/format.ts';
import { isPaging } from '../../core/vocabulary/severity.ts';
import { formatAge } from '../../core/vocabulary/units.ts';
import type { Html } from './layout.ts';

/** Its worst severity, once it is over. */
export function severityBadge({ severity, worst, status }: Pick<Incident, 'severity' | 'worst' | 'status'>): Html {
  return status === 'resolved'
    ? html`<span class="badge past ${worst}">${worst}</span>`
    : html`<span class="badge ${severity}">${severity}</span>`;
}

type Shown = {
  /** The worst first. */
  open: readonly Incident[];
  /** How many are open; `10000 or more`. */
  total: string;
  /** How many of them are not listed. */
  more: number;
  resolved: readonly Incident[];
  undecided: readonly InsufficientEvidence[];
  turns: readonly Turn[];
  rules: readonly RuleState[];
  /** How often policies with a budget have paged in seven days. */
  pages: PagesOfWeek['policies'];
};

/**
 * The list of incidents: open ones first, worst on top, then the latest resolved. In between: rules
 * that cannot judge, which does not mean healthy, and who is on call.
 */
export function incidentsPage(shown: Shown, now: number): Html {
  const { open, total, more, rules } = shown;
  return html`<h1>Incidents</h1>
<h2>Open (${total})</h2>
${open.length === 0 ? html`<p class="dim">None. ${judgedText(rules)}</p>` : table(open, now)}
${more > 0 ? html`<p class="dim">and ${more} more</p>` : ''}
${rest(shown, now)}`;
}

/**
 * What the console covers at once is short, for a phone lays it out first; without scripts it is
 * whole.
 */
const underConsole = 10;

/** The same as the page on which the console opens. `whole`: its address without the console. */
export function incidentsUnderConsole(shown: Shown, now: number, whole: string): Html {
  const { open, total, more, rules } = shown;
  return html`<h1>Incidents</h1>
<h2>Open (${total})</h2>
${open.length === 0 ? html`<p class="dim">None. ${judgedText(rules)}</p>` : table(open.slice(0, underConsole), now)}
<noscript>
${open.length > underConsole ? table(open.slice(underConsole), now) : ''}
${more > 0 ? html`<p class="dim">and ${more} more</p>` : ''}
${rest(shown, now)}
</noscript>
<p><a href="${whole}">All incidents as a plain page</a></p>`;
}

function rest({ resolved, undecided, turns, rules, pages }: Shown, now: number): Html {
  return html`
${unjudgedTable(rules)}${undecided.length === 0 ? '' : undecidedTable(undecided)}${turns.length === 0 ? '' : html`<h2>On call</h2><dl class="facts">${turns.map(turnRow)}</dl>`}${budgets(pages)}<h2>Resolved</h2>
${resolved.length === 0 ? html`<p class="dim">None yet.</p>` : table(resolved, now)}`;
}

const weekMs = 604_800_000;

function budgets(pages: PagesOfWeek['policies']): Html {
  if (pages.length === 0) return html``;
  return html`<h2>Pages of the last seven days</h2><ul>${pages.map((one) => html`<li>${policyText(one, weekMs)}</li>`)}</ul>`;
}

/** Silence is not health: it says what was judged, and what was not. */
function judgedText(rules: readonly RuleState[]): string {
  if (rules.length === 0) return 'The config has no rule, so nothing is judged.';
  const judged = rules.filter(({ state }) => state === 'judged');
  const last = Math.max(...judged.map(({ judgedAt }) => judgedAt ?? 0));
  if (judged.length === 0) return `No rule is judged yet (${counted(rules.length, 'rule')}): nothing is known.`;
  const when = `the last at ${formatUtc(last)}`;
  if (judged.length === rules.length)
    return `Every rule is judged (${counted(rules.length, 'rule')}), ${when}, and none finds anything to page about.`;
  return `${judged.length} of ${counted(rules.length, 'rule')} are judged, ${when}, and find nothing to page about. Of what the others watch nothing is known.`;
}

/** The most rules listed; the rest are counted. */
const maxUnjudged = 50;

function unjudgedTable(rules: readonly RuleState[]): Html {
  const unjudged = rules.filter(({ state }) => state !== 'judged');
  if (unjudged.length === 0) return html``;
  return html`<h2>Not judged (${unjudged.length})</h2>
<table>
<thead><tr><th>Rule</th><th>State</th><th>Why</th><th>Since</th><th>Next</th></tr></thead>
<tbody>${unjudged.slice(0, maxUnjudged).map(
    ({ rule, state, trouble, warmUntil, nextAt }) => html`<tr>
<td>${rule}</td>
<td>${state}</td>
<td class="dim">${trouble?.text ?? 'its first evaluation is still to come'}${warmUntil === undefined ? '' : `; warming up until about ${formatUtc(warmUntil)}`}</td>
<td class="time">${trouble === undefined ? '' : formatUtc(trouble.since)}</td>
<td class="time">${nextAt === undefined ? '' : formatUtc(nextAt)}</td>
</tr>`,
  )}</tbody>
</table>
${unjudged.length > maxUnjudged ? html`<p class="dim">and ${unjudged.length - maxUnjudged} more</p>` : ''}`;
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
<td class="time">${formatAge(Math.max(0, Math.round((end - incident.since) / 60_000) * 60_000))}</td>
</tr>`;
}

export const stateText = (incident: Incident): string =>
  `${incident.flapping === undefined ? '' : 'flapping, '}${statusText(incident)}`;

function statusText(incident: Incident): string {
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
