import type { Hono } from 'hono';
import { alertsRoutes } from '../alerts.ts';
import { ingestRoutes } from '../ingest.ts';
import type { HttpOptions } from '../options.ts';

/** What senders call: records, labels, samples, training data, and alerts of other systems. */
export function ingestPart(app: Hono, options: HttpOptions): void {
  app.route('/v1', ingestRoutes(options));
  // Must come before the API for people, which has similar paths but another secret.
  app.route('/', alertsRoutes({ ...options, ports: options.alertPorts ?? options.ports }));
}
