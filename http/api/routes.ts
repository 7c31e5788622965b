import { Hono } from 'hono';
import { bodySize } from '../body-size.ts';
import type { HttpOptions, Judge } from '../options.ts';
import { webRefusal } from '../web-access.ts';
import { auditLogRoutes } from './audit-log.ts';
import { baselineRoutes } from './baselines.ts';
import { digestRoutes } from './digest.ts';
import { evidenceRoutes } from './evidence.ts';
import { incidentRoutes } from './incidents.ts';
import { labelRoutes } from './labels.ts';
import { onCallRoutes } from './on-call.ts';
import { overrideRoutes } from './overrides.ts';
import { ruleRoutes } from './rules.ts';
import { silenceRoutes } from './silences.ts';

export const maxBodyBytes = 64 * 1024;

/**
 * The API for people and their programs, below `/api`. JSON in and out; errors are `{ "error": ...
 * }`.
 */
export function apiRoutes(options: HttpOptions, judge: Judge): Hono {
  const app = new Hono();
  app.use(bodySize({ maxSize: maxBodyBytes }));
  app.use(async (c, next) => {
    c.header('Cache-Control', 'no-store');
    return (await webRefusal(c, options)) ?? (await next());
  });
  app.route('/incidents', incidentRoutes(options));
  app.route('/silences', silenceRoutes(options));
  app.route('/oncall', onCallRoutes(options));
  app.route('/overrides', overrideRoutes(options));
  app.route('/baselines', baselineRoutes(options));
  app.route('/labels', labelRoutes(options));
  app.route('/', evidenceRoutes(options));
  app.route('/digest', digestRoutes(options));
  app.route('/rules', ruleRoutes(options, judge));
  app.route('/audit-log', auditLogRoutes(options));
  return app;
}
