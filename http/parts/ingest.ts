import type { Hono } from 'hono';
import { alertsRoutes } from '../alerts.ts';
import { changesRoutes } from '../changes.ts';
import { opsgenieRoutes } from '../compat/opsgenie/routes.ts';
import { pagerdutyRoutes } from '../compat/pagerduty/routes.ts';
import { heartbeatRoutes } from '../heartbeats.ts';
import { ingestRoutes } from '../ingest.ts';
import { mlflowRoutes } from '../mlflow.ts';
import type { HttpOptions } from '../options.ts';
import { otlpRoutes } from '../otlp.ts';
import { remoteWriteRoutes } from '../remote-write.ts';

/** What senders call: records, labels, samples, training data, and alerts of other systems. */
export function ingestPart(app: Hono, options: HttpOptions): void {
  // Before those of records, whose limits answer in JSON alone.
  app.route('/v1', otlpRoutes(options));
  app.route('/v1', changesRoutes(options));
  app.route('/v1', heartbeatRoutes({ ...options, ports: options.alertPorts ?? options.ports }));
  app.route('/v1', mlflowRoutes(options));
  app.route('/v1', ingestRoutes(options));
  app.route('/api/v1', remoteWriteRoutes(options));
  // Must come before the API for people, which has similar paths but another secret.
  const ofAlerts = { ...options, ports: options.alertPorts ?? options.ports };
  app.route('/', alertsRoutes(ofAlerts));
  app.route('/', pagerdutyRoutes(ofAlerts));
  app.route('/', opsgenieRoutes(ofAlerts));
}
