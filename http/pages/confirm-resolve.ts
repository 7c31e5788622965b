import { html } from 'hono/html';
import { firingLines, type StillFiring } from '../../core/response/incidents/still-firing.ts';
import type { Html } from './layout.ts';

/**
 * Asks whether to resolve although alerts fire. The confirmation covers what is shown; if something
 * else fires by then, asks again.
 */
export function confirmResolve(id: string, message: string, firing: StillFiring): Html {
  return html`<h1>Resolve although alerts fire?</h1>
<p class="message">${message}</p>
<ul>${firingLines(firing).map((line) => html`<li>${line}</li>`)}</ul>
<p>It comes back after a while if they go on, and at once if they get worse. A silence keeps quiet what is known.</p>
<div class="actions"><form method="post" action="/incidents/${id}/resolve"><input type="hidden" name="seen" value="${firing.token}"><button>Resolve anyway</button></form></div>
<p><a href="/incidents/${id}">Back to the incident</a></p>`;
}
