import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { HttpOptions } from '../options.ts';
import { layout } from '../pages/layout.ts';
import { pageRefusal } from '../web-access.ts';
import { installRoutes } from './install.ts';
import { opened } from './opened.ts';
import { type ConsolePath, consolePaths } from './paths.ts';

/**
 * The console: its files, and a page that loads it at the address of each screen. `api`: the routes
 * below `/api`.
 */
export function consoleRoutes(options: HttpOptions, api: Hono): Hono {
  const { console: files, now } = options;
  const app = new Hono();
  if (files === undefined) return app;

  // Open to everybody: it is the same program for all, and knows nothing.
  app.get('/console/:name', (c) => {
    const file = files.files.get(c.req.param('name'));
    if (file === undefined) return c.json({ error: 'the console has no such file; reload the page' }, 404);
    c.header('Content-Type', file.type);
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    c.header('Vary', 'Accept-Encoding');
    if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return c.body(file.body);
    c.header('Content-Encoding', 'gzip');
    return c.body(file.gzip);
  });

  app.route('/', installRoutes(files));

  const shell = async (c: Context, screen: ConsolePath): Promise<Response> => {
    const refused = await pageRefusal(c, options);
    if (refused !== undefined) return refused;
    const console = await opened(c, options, api, screen);
    return c.html(layout({ title: 'Console', now: now(), content: withoutScripts, console, bare: true }));
  };
  for (const path of consolePaths) app.get(path, (c) => shell(c, path));
  return app;
}

const withoutScripts = html`<noscript><h1>This screen needs scripts</h1>
<p>Incidents can be read and acknowledged without: <a href="/">all incidents</a>.</p></noscript>`;
