import type { Hono } from 'hono';
import { alertsRoutes } from '../alerts.ts';
import { ingestRoutes } from '../ingest.ts';
import type { HttpOptions } from '../options.ts';

/** What senders call: records, labels, samples, trainings and the alerts of other systems. */
export function ingestPart(app: Hono, options: HttpOptions): void {
  app.route('/v1', ingestRoutes(options));
  // Before the API for people, which asks for another secret at addresses that begin alike.
  app.route('/', alertsRoutes({ ...options, ports: options.alertPorts ?? options.ports }));
}
