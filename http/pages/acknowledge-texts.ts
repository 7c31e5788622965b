import { html } from 'hono/html';
import type { LinkState } from '../../app/respond/acknowledge-by-link.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { counted } from '../../core/vocabulary/counted.ts';
import { formatUtc } from '../../core/vocabulary/format.ts';
import { formatAge } from '../../core/vocabulary/units.ts';
import type { Html } from './layout.ts';

/** For a link that was forged, cut or is over. It says nothing of what there is. */
export const linkOpensNothing = (): Html => html`<h1>This link opens nothing</h1>
<p>Its time is over, or it is not whole: some programs cut long links. Nothing was acknowledged.</p>
<p><a class="button first" href="/">Sign in and see the incidents</a></p>`;

export const tooManyText = (seconds: number): Html => html`<h1>Too many links that open nothing</h1>
<p>They came from your address. Try again in ${seconds} s.</p>`;

export const failedText = (token: string): Html => html`<h1>It is not acknowledged yet</h1>
<p class="message" role="alert">Tocsin could not write it down. Escalation goes on, so try again.</p>
<form class="tap" method="post" action="/a/${token}"><button class="first">Try again</button></form>`;

/** What was acknowledged. */
export const doneText = (incident: Incident, message: string): Html => html`<h1>Acknowledged</h1>
<p class="message" role="status">${message}. Escalation stops.</p>
${aboutText(incident)}${onwards(incident)}`;

/** Asks; its button is all that acts. */
export function confirmText(
  { incident, person, contact, offCall }: Extract<LinkState, { kind: 'open' }>,
  token: string,
  now: number,
): Html {
  const { counts } = incident;
  const firing = counts.critical + counts.warn;
  return html`<h1>Acknowledge this incident?</h1>
${aboutText(incident)}
<dl class="facts"><dt>Since</dt><dd>${formatUtc(incident.since)} (${formatAge(Math.max(0, now - incident.since))})</dd>
<dt>Now</dt><dd>${firing === 0 ? 'nothing fires' : `${counted(firing, 'alert')} firing`}</dd>
<dt>You act as</dt><dd>${person.actor}</dd></dl>
${
  person.responder === undefined ? html`<p>Others read ${contact} as well, so the timeline will name it and not you.</p>` : ''
}${offCall === undefined ? '' : html`<p class="message">You are no longer on call for it: ${offCall.join(', ')} is now. You may still take it.</p>`}
<form class="tap" method="post" action="/a/${token}"><button class="first">Acknowledge</button></form>
<p class="dim">It stops escalation, and says that somebody is looking. Nothing happens before you tap.</p>
${onwards(incident)}`;
}

/** Why there is nothing to tap. */
export function stateText(state: Exclude<LinkState, { kind: 'open' }>): Html {
  switch (state.kind) {
    case 'acknowledged':
      return told(state.incident, state.isOwn ? 'You have acknowledged it' : 'It is acknowledged already', [
        `${state.by} acknowledged it${state.at === undefined ? '' : ` at ${formatUtc(state.at)}`}. There is nothing left to do here.`,
      ]);
    case 'answered':
      return told(state.incident, 'This link was for an earlier page', [
        `${state.by} acknowledged it at ${formatUtc(state.at)}, and it needs somebody again since.`,
        'A link answers one page. Use the one in the latest page, or sign in.',
      ]);
    case 'resolved': {
      const { resolvedAt, resolvedBy = 'tocsin', resolveReason } = state.incident;
      const when = resolvedAt === undefined ? '' : ` at ${formatUtc(resolvedAt)}`;
      const why = resolveReason === undefined ? '' : `: ${resolveReason}`;
      return told(state.incident, 'It is resolved already', [
        `${resolvedBy} resolved it${when}${why}. There is nothing left to do.`,
      ]);
    }
    case 'ended since':
      return told(state.incident, 'This link was for an earlier page', [
        `It was resolved at ${formatUtc(state.at)}, and is open again since.`,
        'A link answers one page. Use the one in the latest page, or sign in.',
      ]);
    case 'no contact':
      return html`<h1>This link is no longer valid</h1>
<p>The config no longer has the contact or the person that it was sent to, so it acts for nobody. Nothing was acknowledged.</p>
${onwards(state.incident)}`;
    case 'not allowed':
      return html`<h1>You may not acknowledge it</h1>
<p class="message" role="alert">${state.message}.</p>
${onwards(state.incident)}`;
    case 'no incident':
      return html`<h1>There is no such incident any more</h1>
<p>Tocsin no longer keeps it. Nothing was acknowledged.</p>
<p><a href="/">All incidents</a></p>`;
  }
}

const told = (incident: Incident, title: string, lines: string[]): Html => html`<h1>${title}</h1>
${aboutText(incident)}
${lines.map((line) => html`<p>${line}</p>`)}${onwards(incident)}`;

function aboutText({ title, status, worst, severity }: Incident): Html {
  const shown = status === 'resolved' ? worst : severity;
  return html`<p class="about"><span class="badge${status === 'resolved' ? ' past' : ''} ${shown}">${shown}</span> <strong>${title}</strong></p>`;
}

const onwards = ({ id }: Incident): Html =>
  html`<p><a href="/incidents/${id}">Incident ${id}</a>, with all that is known of it</p>`;
