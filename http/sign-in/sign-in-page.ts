import type { Context } from 'hono';
import { html } from 'hono/html';
import type { HttpOptions } from '../options.ts';
import { type Html, layout } from '../pages/layout.ts';

export const signInPage = (
  c: Context,
  { now }: HttpOptions,
  content: Html,
  status: 200 | 400 | 401 | 403 | 429 | 503 = 200,
): Response | Promise<Response> => c.html(layout({ title: 'Sign in', now: now(), content }), status);

type Shown = {
  /** Where to go afterwards. */
  to: string;
  /** Why it did not work. */
  fault?: string | undefined;
  /** What they had written as their name. */
  name?: string | undefined;
};

/** Asks for a name and the shared password. A plain form: it works without scripts. */
export function passwordForm({ to, fault, name = '' }: Shown): Html {
  const incident = /^\/incidents\/([\w-]+)/.exec(to)?.[1];
  return html`<h1>Sign in</h1>
${incident === undefined ? '' : html`<p>You go on to incident ${incident}.</p>`}
${fault === undefined ? '' : html`<p class="message" role="alert">${fault}</p>`}
<form class="sign-in" method="post" action="/signin">
<input type="hidden" name="to" value="${to}">
<label for="name">Name</label>
<input id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="60" required aria-describedby="name-hint"${name === '' ? html` autofocus` : ''}>
<p class="dim" id="name-hint">Your name in the config, or another one. It is on the timeline of what you do.</p>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000" required aria-describedby="password-hint"${name === '' ? '' : html` autofocus`}>
<p class="dim" id="password-hint">The web password of this Tocsin, which your team shares.</p>
<button class="first">Sign in</button>
</form>`;
}

export const signedInText = (actor: string): Html => html`<h1>You are signed in</h1>
<p>As ${actor}.</p>
<div class="actions"><form method="post" action="/signout"><button>Sign out</button></form></div>
<p><a href="/">All incidents</a></p>`;

export const openText = (): Html => html`<h1>Nobody signs in here</h1>
<p>This Tocsin asks for no password: whoever is on this machine may see and do everything. The setting <code>webPassword</code> changes that.</p>
<p><a href="/">All incidents</a></p>`;

/** `reason`: why a session that there was is worth nothing. */
export const providerText = (host: string, link: string, reason: string | undefined): Html => html`<h1>Sign in</h1>
${reason === undefined ? '' : html`<p class="message" role="alert">${sentence(reason)}</p>`}
<p>You sign in at ${host}, and come back.</p>
<p><a class="button first" href="${link}">Sign in at ${host}</a></p>`;

export const failedText = (reason: string): Html => html`<h1>You were not signed in</h1>
<p class="message" role="alert">${sentence(reason)}</p>
<p><a href="/signin">Try again</a></p>`;

export const unavailableText = (reason: string): Html => html`<h1>Nobody can sign in here now</h1>
<p class="message" role="alert">${sentence(reason)}</p>`;

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
