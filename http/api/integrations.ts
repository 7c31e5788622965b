import { Hono } from 'hono';
import { integrations } from '../../app/query/integrations.ts';
import { askTestPage, testPageOf } from '../../app/respond/page-test.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { HttpOptions } from '../options.ts';
import { refusedAs } from '../refused-as.ts';
import { webPerson } from '../web-access.ts';
import { personOf } from './actor.ts';
import { readBody } from './body.ts';
import { actRequestSchema } from './dto/action.ts';
import { integrationsDto, testSeenDto } from './dto/integrations.ts';
import { timeOf } from './dto/time.ts';

/**
 * `/integrations`: how sources, contacts and hooks do; `/contacts/:name/test`: a test page, and
 * what became of it.
 */
export function integrationRoutes(options: HttpOptions): Hono {
  const { ports, now } = options;
  const app = new Hono();

  app.get('/integrations', async (c) => {
    const at = now();
    return c.json({ at: timeOf(at), ...integrationsDto(await integrations(ports, at)) });
  });

  app.get('/contacts/:name/test', async (c) => {
    const name = c.req.param('name');
    const { responders } = ports.config;
    const responder = Object.hasOwn(responders, name) ? name : name === 'me' ? webPerson(c, options).responder : undefined;
    if (responder === undefined) return c.json({ error: `there is no responder ${shown(name)}` }, 404);
    const test = await testPageOf(ports, responder);
    return c.json({ at: timeOf(now()), responder, test: test === undefined ? undefined : testSeenDto(test) });
  });

  app.post('/contacts/:name/test', async (c) => {
    const body = await readBody(c, actRequestSchema, { example: '{"actor": "ana"}', empty: {} });
    if (!body.ok) return body.refused;
    const at = now();
    const result = await askTestPage(ports, { name: c.req.param('name'), ...personOf(c, options, body.value.actor) }, at);
    if (result.ok) return c.json({ message: result.message, responder: result.responder });
    if (!('tooSoon' in result)) return refusedAs(c, result);
    const seconds = Math.max(1, Math.ceil((result.tooSoon - at) / 1000));
    c.header('Retry-After', String(seconds));
    return c.json({ error: `a person gets one test page a minute; try again in ${seconds} s` }, 429);
  });
  return app;
}
