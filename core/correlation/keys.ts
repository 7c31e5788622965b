import type { Alert } from '../alerts/alert.ts';
import type { Graph } from './graph.ts';
import { apartKey } from './link.ts';

/** An incident costs one write more for each. */
const maxKeys = 4;

/**
 * Keys under which the latest incident is found of alerts that may have to do with these: one for each shared label, and
 * one for everything that hangs together in the graph. Who begins an incident claims them; so two who begin one at the same
 * time meet, and the second decides again. No group of alerts has such a key: those of groups begin with a quotation mark.
 */
export function correlationKeys(graph: Graph, alerts: readonly Alert[]): string[] {
  const { enabled, sharing } = graph.settings;
  if (!enabled) return [];
  const keys = new Set<string>();
  for (const alert of alerts) {
    if (alert.aboutRule) continue;
    const apart = apartKey(graph, alert.labels);
    for (const name of sharing) {
      const value = Object.hasOwn(alert.labels, name) ? alert.labels[name] : '';
      if (value !== undefined && value !== '') keys.add(`~label ${apart} ${JSON.stringify([name, value])}`);
    }
    const place = graph.placeOf(alert);
    if (place !== undefined) keys.add(`~graph ${apart} ${JSON.stringify(graph.componentOf(place))}`);
  }
  return [...keys].slice(0, maxKeys);
}
