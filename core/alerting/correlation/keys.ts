import { asGroupKey, type GroupKey } from '../../vocabulary/ids.ts';
import { labelOf } from '../../vocabulary/matching.ts';
import type { Alert } from '../alerts/alert.ts';
import type { Graph } from './graph.ts';
import { sharedLabels } from './link.ts';

/** Each one costs an incident one more write. */
const maxKeys = 4;

/**
 * Keys that lead to the latest incident of possibly related alerts: one per shared label, and one
 * per connected component of the graph. Opening an incident claims its keys, so two that open at
 * once conflict and the second decides again. Group keys start with a quotation mark, so they never
 * clash. Keys are stored: keep them stable between versions, or incidents open during an upgrade
 * are not found.
 */
export function correlationKeys(graph: Graph, alerts: readonly Alert[]): GroupKey[] {
  if (!graph.settings.enabled) return [];
  const keys = new Set<GroupKey>();
  for (const alert of alerts) {
    if (keys.size >= maxKeys) break;
    if (alert.aboutRule) continue;
    const apart = JSON.stringify(graph.settings.apart.map((name) => labelOf(alert.labels, name)));
    for (const label of sharedLabels(graph, alert.labels)) keys.add(asGroupKey(`~label ${apart} ${JSON.stringify(label)}`));
    const place = graph.placeOf(alert);
    if (place !== undefined) keys.add(asGroupKey(`~graph ${apart} ${JSON.stringify(graph.componentOf(place))}`));
  }
  return [...keys].slice(0, maxKeys);
}
