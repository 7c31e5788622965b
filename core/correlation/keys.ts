import type { Alert } from '../alerts/alert.ts';
import type { Graph } from './graph.ts';
import { apartKey, sharedLabels } from './link.ts';

/** An incident costs one write more for each. */
const maxKeys = 4;

/**
 * Keys under which the latest incident is found of alerts that may have to do with these: one for each shared label, and
 * one for everything that hangs together in the graph. Who begins an incident claims them; so two who begin one at the same
 * time meet, and the second decides again. No group of alerts has such a key: those of groups begin with a quotation mark.
 */
export function correlationKeys(graph: Graph, alerts: readonly Alert[]): string[] {
  if (!graph.settings.enabled) return [];
  const keys = new Set<string>();
  for (const alert of alerts) {
    if (keys.size >= maxKeys) break;
    if (alert.aboutRule) continue;
    const apart = apartKey(graph, alert.labels);
    for (const label of sharedLabels(graph, alert.labels)) keys.add(`~label ${apart} ${JSON.stringify(label)}`);
    const place = graph.placeOf(alert);
    if (place !== undefined) keys.add(`~graph ${apart} ${JSON.stringify(graph.componentOf(place))}`);
  }
  return [...keys].slice(0, maxKeys);
}
