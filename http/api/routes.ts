import { Hono } from 'hono';
import { bodySize } from '../body-size.ts';
import type { HttpOptions, Judge } from '../options.ts';
import { webRefusal } from '../web-access.ts';
import { auditLogRoutes } from './audit-log.ts';
import { acceptedBaselineRoutes, baselineRoutes } from './baselines.ts';
import { changeListRoutes } from './changes.ts';
import { deploymentRoutes } from './deployments.ts';
import { deviceRoutes } from './devices.ts';
import { digestRoutes } from './digest.ts';
import { entityTag } from './entity-tag.ts';
import { eventRoutes } from './events.ts';
import { evidenceRoutes } from './evidence.ts';
import { heartbeatRoutes } from './heartbeats.ts';
import { incidentRoutes } from './incidents.ts';
import { integrationRoutes } from './integrations.ts';
import { labelRoutes } from './labels.ts';
import { modelRoutes } from './models.ts';
import { nowRoutes } from './now.ts';
import { onCallRoutes } from './on-call.ts';
import { overrideRoutes } from './overrides.ts';
import { pagingRoutes } from './paging-routes.ts';
import { ruleHealthRoutes } from './rule-health.ts';
import { ruleRoutes } from './rules.ts';
import { runbookRoutes } from './runbooks.ts';
import { searchRoutes } from './search.ts';
import { sessionRoutes } from './session.ts';
import { silencePreviewRoutes, silenceRoutes } from './silences.ts';

export const maxBodyBytes = 64 * 1024;

/**
 * The API for people and their programs, below `/api`. JSON in and out; errors are `{ "error": ...
 * }`.
 */
export function apiRoutes(options: HttpOptions, judge: Judge): Hono {
  const app = new Hono();
  app.use(entityTag);
  app.use(bodySize({ maxSize: maxBodyBytes }));
  app.use(async (c, next) => {
    c.header('Cache-Control', 'no-store');
    return (await webRefusal(c, options)) ?? (await next());
  });
  app.route('/incidents', incidentRoutes(options));
  app.route('/silences', silenceRoutes(options));
  app.route('/silence-preview', silencePreviewRoutes(options));
  app.route('/oncall', onCallRoutes(options));
  app.route('/overrides', overrideRoutes(options));
  app.route('/routes', pagingRoutes(options));
  app.route('/baselines', baselineRoutes(options));
  app.route('/accepted-baselines', acceptedBaselineRoutes(options));
  app.route('/labels', labelRoutes(options));
  app.route('/', evidenceRoutes(options));
  app.route('/', nowRoutes(options));
  app.route('/', integrationRoutes(options));
  app.route('/contacts/:name/devices', deviceRoutes(options));
  app.route('/heartbeats', heartbeatRoutes(options));
  app.route('/deployments', deploymentRoutes(options));
  app.route('/models', modelRoutes(options));
  app.route('/digest', digestRoutes(options));
  app.route('/rule-health', ruleHealthRoutes(options));
  app.route('/rules', ruleRoutes(options, judge));
  app.route('/runbooks', runbookRoutes(options));
  app.route('/audit-log', auditLogRoutes(options));
  app.route('/changes', changeListRoutes(options));
  app.route('/events', eventRoutes(options));
  app.route('/search', searchRoutes(options));
  app.route('/session', sessionRoutes(options));
  return app;
}
