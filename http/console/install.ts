import { Hono } from 'hono';
import { html } from 'hono/html';
import { registerPath } from '../security-headers.ts';
import type { ConsoleFiles } from './files.ts';
import { themeColors } from './theme-colors.ts';

/**
 * What makes the console an application: its manifest, its service worker, and the page that
 * registers it. Open to everybody.
 */
export function installRoutes(files: ConsoleFiles): Hono {
  const app = new Hono();

  app.get('/manifest.webmanifest', (c) => {
    c.header('Content-Type', 'application/manifest+json');
    c.header('Cache-Control', 'no-cache');
    return c.body(JSON.stringify(manifestOf(files)));
  });

  // At the root, so that it may serve all of it; asked for again each time, so that a new one is
  // noticed.
  app.get('/worker.js', (c) => {
    const file = files.files.get(files.worker);
    if (file === undefined) return c.json({ error: 'this console has no service worker' }, 404);
    c.header('Content-Type', file.type);
    c.header('Cache-Control', 'no-cache');
    return c.body(file.body);
  });

  app.get(registerPath, (c) => {
    c.header('Cache-Control', 'no-cache');
    return c.html(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Tocsin</title></head>
<body><script src="/console/${files.register}"></script></body></html>`);
  });
  return app;
}

function manifestOf({ icons }: ConsoleFiles): object {
  const png = (name: string, size: number, purpose: 'any' | 'maskable') => ({
    src: `/console/${name}`,
    sizes: `${size}x${size}`,
    type: 'image/png',
    purpose,
  });
  return {
    id: '/',
    name: 'Tocsin',
    short_name: 'Tocsin',
    description: 'Alerts and incidents of machine-learning pipelines.',
    lang: 'en',
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: themeColors.light,
    theme_color: themeColors.light,
    icons: [png(icons.any192, 192, 'any'), png(icons.any512, 512, 'any'), png(icons.maskable512, 512, 'maskable')],
    shortcuts: [
      { name: 'Incidents', url: '/incidents' },
      { name: 'On call', url: '/oncall' },
    ],
  };
}
