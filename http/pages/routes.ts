import { type Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { html, raw } from 'hono/html';
import { readInsufficientEvidence } from '../../app/evaluate/undecided.ts';
import { ruleStates } from '../../app/explain/rule-states.ts';
import { latestIncident, latestOf } from '../../app/latest-incident.ts';
import { readNote } from '../../app/notes.ts';
import { StoreUnavailableError } from '../../app/ports/store-errors.ts';
import { incidentChart } from '../../app/query/incident-chart.ts';
import { readIncidentDetail } from '../../app/query/incident-detail.ts';
import { readOpen } from '../../app/query/open-incidents.ts';
import { effectiveConfig } from '../../app/respond/effective-config.ts';
import { noteOnIncident } from '../../app/respond/note.ts';
import { type RespondResult, respond } from '../../app/respond/respond.ts';
import { chartSvg } from '../../core/charts/chart-svg.ts';
import { type Response as ResponseName, responses } from '../../core/response/incidents/respond.ts';
import { onCallNow } from '../../core/response/oncall/in-force.ts';
import { pagesNote } from '../../core/selfcheck/digest/stored-pages.ts';
import { asIncidentId } from '../../core/vocabulary/ids.ts';
import { severityRank } from '../../core/vocabulary/severity.ts';
import { chartAsked } from '../api/incident-chart.ts';
import { bodySize } from '../body-size.ts';
import { opened } from '../console/opened.ts';
import type { HttpOptions } from '../options.ts';
import { signedInAs } from '../sign-in/signed-in.ts';
import { notDone, retryAfterSeconds } from '../unavailable.ts';
import { pageRefusal, webPerson } from '../web-access.ts';
import { confirmResolve } from './confirm-resolve.ts';
import { incidentPage } from './incident.ts';
import { incidentsPage, incidentsUnderConsole } from './incidents.ts';
import { layout } from './layout.ts';
import { renderMarkdown } from './markdown.ts';
import { style } from './style.ts';

const shownOpen = 200;
/** The list of incidents where the console is not wanted: whole, and without a script. */
const wholePage = '/?plain=1';
const shownResolved = 50;
/** The cookie that carries the outcome of a button to the next page. */
const flash = 'tocsin-message';

/** Back to the page of the incident, which says once what was done. */
function tellOnPage(c: Context, id: string, message: string): Response {
  // In a cookie, not in the URL: a link could otherwise make the page say anything.
  setCookie(c, flash, message.toWellFormed().slice(0, 300).toWellFormed(), {
    path: '/incidents',
    httpOnly: true,
    sameSite: 'Strict',
    maxAge: 30,
  });
  return c.redirect(`/incidents/${encodeURIComponent(id)}`, 303);
}

/** What the resolve question had shown, from its form; undefined without a form body. */
async function seenIn(c: Context): Promise<string | undefined> {
  const { seen }: Record<string, unknown> = await c.req.parseBody().catch(() => ({}));
  return typeof seen === 'string' ? seen : undefined;
}

/**
 * Pages for people: `/`, `/incidents/ID` with buttons, `/runbooks/NAME`. Plain HTML without
 * scripts.
 */
export function pageRoutes(options: HttpOptions, api: Hono): Hono {
  const { ports, now, runbooks } = options;
  const app = new Hono();
  const closed = (c: Context) => pageRefusal(c, options);

  app.get('/style.css', (c) => c.body(style, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'max-age=300' }));

  app.get('/', async (c) => {
    const refused = await closed(c);
    if (refused !== undefined) return refused;
    const [stored, resolved, undecided, config, rules, week] = await Promise.all([
      readOpen(ports),
      ports.store.incidents({ status: 'resolved', limit: shownResolved }),
      readInsufficientEvidence(ports),
      effectiveConfig(ports, now()),
      ruleStates(ports),
      readNote(ports.store, pagesNote),
    ]);
    const worstFirst = stored.open.toSorted((a, b) => severityRank[b.severity] - severityRank[a.severity]);
    const open = await latestOf(ports, worstFirst.slice(0, shownOpen));
    const total = `${stored.open.length}${stored.isCut === true ? ' or more' : ''}`;
    const more = stored.open.length - open.length;
    const turns = onCallNow(config, now());
    const listed = { open, total, more, resolved, undecided, turns, rules, pages: week?.policies ?? [] };
    const console = c.req.query('plain') === undefined ? await opened(c, options, api, '/') : undefined;
    const content = console === undefined ? incidentsPage(listed, now()) : incidentsUnderConsole(listed, now(), wholePage);
    return c.html(layout({ title: 'Incidents', now: now(), content, console }));
  });

  app.get('/incidents/:id', async (c) => {
    const refused = await closed(c);
    if (refused !== undefined) return refused;
    const id = asIncidentId(c.req.param('id'));
    const at = now();
    const detail = await readIncidentDetail(ports, id, webPerson(c, options), at);
    if (detail === undefined) {
      return c.html(
        layout({
          title: 'Not found',
          now: now(),
          content: html`<h1>There is no incident ${id}</h1><p><a href="/">All incidents</a></p>`,
        }),
        404,
      );
    }
    const message = getCookie(c, flash);
    if (message !== undefined) deleteCookie(c, flash, { path: '/incidents' });
    const { incident, timeline } = detail;
    const chart = await incidentChart(ports, incident, timeline, at);
    const content = incidentPage(detail, at, message, chart);
    // A link opens no more than this page, so the console would only say what it may not see.
    const scripts = signedInAs(c).how === 'link' ? undefined : await opened(c, options, api, '/incidents/:id');
    return c.html(layout({ title: incident.title, now: now(), content, console: scripts }));
  });

  app.get('/incidents/:id/chart.svg', async (c) => {
    const refused = await closed(c);
    if (refused !== undefined) return refused;
    const incident = await latestIncident(ports, asIncidentId(c.req.param('id')));
    const asked = chartAsked(c);
    if ('error' in asked) return c.json(asked, 400);
    const chart =
      incident === undefined
        ? undefined
        : await incidentChart(ports, incident, await ports.store.timeline(incident.id), now(), asked);
    if (chart === undefined) return c.text('there is no chart of this incident', 404);
    const size = c.req.query('size') === 'narrow' ? 'narrow' : 'wide';
    return c.body(chartSvg(chart.chart, size), 200, { 'Content-Type': 'image/svg+xml; charset=utf-8' });
  });

  app.post('/incidents/:id/note', bodySize({ maxSize: 64 * 1024 }), async (c) => {
    const refused = await closed(c);
    if (refused !== undefined) return refused;
    const { text }: Record<string, unknown> = await c.req.parseBody().catch(() => ({}));
    const incidentId = asIncidentId(c.req.param('id'));
    const said = typeof text === 'string' ? text : '';
    const { message } = await noteOnIncident(ports, { incidentId, text: said, ...webPerson(c, options) }, now());
    return tellOnPage(c, incidentId, message);
  });

  const carryOut = async (c: Context, response: ResponseName): Promise<Response> => {
    const refused = await closed(c);
    if (refused !== undefined) return refused;
    const id = asIncidentId(c.req.param('id') ?? '');
    const seen = await seenIn(c);
    const confirmed = seen === undefined ? undefined : { seen };
    let result: RespondResult;
    try {
      result = await respond(ports, { incidentId: id, response, confirmed, ...webPerson(c) }, now());
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      const content = html`<h1>Nothing was changed</h1><p>${notDone(error)}</p><p><a href="/incidents/${id}">Back to the incident</a></p>`;
      c.header('Retry-After', String(retryAfterSeconds));
      return c.html(layout({ title: 'Nothing was changed', now: now(), content }), 503);
    }
    const { message, firing } = result;
    if (firing !== undefined)
      return c.html(layout({ title: 'Resolve?', now: now(), content: confirmResolve(id, message, firing) }), 409);
    return tellOnPage(c, id, message);
  };
  for (const response of responses)
    app.post(`/incidents/:id/${response}`, bodySize({ maxSize: 64 * 1024 }), (c) => carryOut(c, response));

  // Every page links to it, and it is read on a phone at night: open to anybody with the link.
  app.get('/runbooks/:name', async (c) => {
    const runbook = runbooks.get(c.req.param('name'));
    if (runbook === undefined) {
      const names = [...runbooks.keys()].sort();
      const content = html`<h1>There is no runbook ${c.req.param('name')}</h1><ul>${names.map((name) => html`<li><a href="/runbooks/${name}">${name}</a></li>`)}</ul>`;
      return c.html(layout({ title: 'Not found', now: now(), content }), 404);
    }
    const heading = /^\s*# /.test(runbook.markdown) ? '' : html`<h1>${runbook.title}</h1>`;
    const content = html`<article>${heading}${raw(renderMarkdown(runbook.markdown))}</article>`;
    return c.html(layout({ title: runbook.title, now: now(), content }));
  });
  return app;
}
