import { mayWithhold } from '../../core/alerting/correlation/upstream.ts';
import { askedBy } from '../../core/dry-run/asked-alerts.ts';
import { type MutedNow, mutedNow } from '../../core/dry-run/muted-now.ts';
import { type Route, routeOfAlert } from '../../core/dry-run/route.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import { resolvedAmong } from '../commit-alerts.ts';
import { graphNow } from '../correlation-context.ts';
import type { Ports } from '../ports/ports.ts';
import { effectiveConfig } from '../respond/effective-config.ts';

/** `mutedBy`: what would withhold its pages now, besides a route to nobody. */
export type RouteMatch = Route & { mutedBy: MutedNow[] };
export type RouteMatches = { ok: true; routes: RouteMatch[]; notes: string[] } | { ok: false; error: string };

/**
 * Who would be paged if an alert with these labels fired at a time from now on, and what would mute
 * it.
 */
export async function routeMatches(ports: Ports, labels: Labels, at: number, now = at): Promise<RouteMatches> {
  const config = await effectiveConfig(ports, at);
  const asked = askedBy(config, labels);
  if (!asked.ok) return asked;
  const [silences, alerts] = await Promise.all([ports.store.silences(now), ports.store.alerts()]);
  const graph = await graphNow(ports, alerts, now);
  const resolved = await resolvedAmong(ports, mayWithhold(graph, alerts));
  const inForce = { silences, alerts, graph, resolved };
  return {
    ok: true,
    notes: asked.notes,
    routes: asked.alerts.map((one) => ({ ...routeOfAlert(config, one, at), mutedBy: mutedNow(config, one, inForce, at) })),
  };
}
