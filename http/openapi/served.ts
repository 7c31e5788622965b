import { Hono } from 'hono';
import type { HttpOptions } from '../options.ts';

/**
 * `GET /openapi.json`, open to whoever has the address: the document is the same everywhere and
 * holds no secrets. `npm run generate` wrote it; it is read when somebody first asks.
 */
export function openApiRoute({ openApi }: HttpOptions): Hono {
  const app = new Hono();
  if (openApi === undefined) return app;
  let text: string | undefined;
  return app.get('/openapi.json', async (c) => {
    text ??= JSON.stringify(JSON.parse(await openApi()));
    return c.body(text, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'max-age=300' });
  });
}
