import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html, raw } from 'hono/html';
import { marked } from 'marked';
import { respond } from '../../app/respond.ts';
import { responses } from '../../core/incidents/respond.ts';
import type { HttpOptions } from '../options.ts';
import { webActor, webRefusal } from '../web-access.ts';
import { incidentPage } from './incident.ts';
import { incidentsPage } from './incidents.ts';
import { layout } from './layout.ts';
import { style } from './style.ts';

const shownOpen = 200;
const shownResolved = 50;

/** Pages for people: `/`, `/incidents/ID` with its buttons, `/runbooks/NAME`. Plain HTML without scripts. */
export function pageRoutes(options: HttpOptions): Hono {
  const { ports, now, runbooks } = options;
  const app = new Hono();
  const closed = async (c: Parameters<typeof webRefusal>[0]) => webRefusal(c, options);

  app.get('/style.css', (c) => c.body(style, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'max-age=300' }));

  app.get('/', async (c) => {
    const refused = await closed(c);
    if (refused !== undefined) return refused;
    const [open, resolved] = await Promise.all([
      ports.store.incidents({ status: 'open', limit: shownOpen }),
      ports.store.incidents({ status: 'resolved', limit: shownResolved }),
    ]);
    return c.html(layout({ title: 'Incidents', now: now(), content: incidentsPage(open, resolved, now()), refreshSeconds: 5 }));
  });

  app.get('/incidents/:id', async (c) => {
    const refused = await closed(c);
    if (refused !== undefined) return refused;
    const id = c.req.param('id');
    const incident = await ports.store.incident(id);
    if (incident === undefined) {
      return c.html(layout({ title: 'Not found', now: now(), content: html`<h1>There is no incident ${id}</h1><p><a href="/">All incidents</a></p>` }), 404);
    }
    const content = incidentPage(incident, await ports.store.timeline(id), now(), c.req.query('message')?.slice(0, 300));
    return c.html(layout({ title: incident.title, now: now(), content, refreshSeconds: incident.status === 'resolved' ? undefined : 10 }));
  });

  app.post('/incidents/:id/:response', bodyLimit({ maxSize: 64 * 1024 }), async (c) => {
    const refused = await closed(c);
    if (refused !== undefined) return refused;
    const response = responses.find((one) => one === c.req.param('response'));
    if (response === undefined) return c.json({ error: `expected one of ${responses.join(', ')}` }, 404);
    const id = c.req.param('id');
    const { message } = await respond(ports, { incidentId: id, response, actor: webActor(c) }, now());
    return c.redirect(`/incidents/${encodeURIComponent(id)}?message=${encodeURIComponent(message)}`, 303);
  });

  // Linked from every page, and read on a phone in the night: open to whoever has the link.
  app.get('/runbooks/:name', async (c) => {
    const runbook = runbooks.get(c.req.param('name'));
    if (runbook === undefined) {
      const names = [...runbooks.keys()].sort();
      const content = html`<h1>There is no runbook ${c.req.param('name')}</h1><ul>${names.map((name) => html`<li><a href="/runbooks/${name}">${name}</a></li>`)}</ul>`;
      return c.html(layout({ title: 'Not found', now: now(), content }), 404);
    }
    const text = await marked.parse(runbook.markdown, { async: true });
    return c.html(layout({ title: runbook.title, now: now(), content: html`<article>${raw(text)}</article>` }));
  });
  return app;
}
