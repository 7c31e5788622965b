import { labelOf } from '../../vocabulary/matching.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Graph } from './graph.ts';
import { sharedLabels } from './link.ts';

/** An incident costs one write more for each. */
const maxKeys = 4;

/**
 * Keys under which the latest incident is found of alerts that may have to do with these: one for each shared label, and
 * one for everything that hangs together in the graph. Who begins an incident claims them; so two who begin one at the same
 * time meet, and the second decides again. No group of alerts has such a key: those of groups begin with a quotation mark. The
 * store keeps them, so they stay as they are from version to version: an incident that is open over an update is found after it.
 */
export function correlationKeys(graph: Graph, alerts: readonly Alert[]): string[] {
  if (!graph.settings.enabled) return [];
  const keys = new Set<string>();
  for (const alert of alerts) {
    if (keys.size >= maxKeys) break;
    if (alert.aboutRule) continue;
    const apart = JSON.stringify(graph.settings.apart.map((name) => labelOf(alert.labels, name)));
    for (const label of sharedLabels(graph, alert.labels)) keys.add(`~label ${apart} ${JSON.stringify(label)}`);
    const place = graph.placeOf(alert);
    if (place !== undefined) keys.add(`~graph ${apart} ${JSON.stringify(graph.componentOf(place))}`);
  }
  return [...keys].slice(0, maxKeys);
}
