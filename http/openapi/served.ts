import { Hono } from 'hono';

/**
 * `GET /openapi.json`, open to whoever has the address: the document is the same everywhere and
 * holds no secrets. It was written by `npm run generate`, and is loaded when somebody asks for it
 * first.
 */
export function openApiRoute(): Hono {
  let text: Promise<string> | undefined;
  return new Hono().get('/openapi.json', async (c) => {
    text ??= import('./openapi.json', { with: { type: 'json' } }).then((loaded) => JSON.stringify(loaded.default));
    return c.body(await text, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'max-age=300' });
  });
}
