import { isActive } from '../../core/alerting/alerts/alert.ts';
import { graphOf, type Placeable } from '../../core/alerting/correlation/graph.ts';
import { causeUpstream } from '../../core/alerting/correlation/upstream.ts';
import type { Ports } from '../ports/ports.ts';

/** Returns the open upstream cause of an alert, in words, or undefined. */
export type Causes = (alert: Placeable) => string | undefined;

/**
 * Considers all firing alerts, whoever judges them, muted or not, in any incident. Uses only
 * declared dependencies: prediction records would add only features, and most functions may not
 * read them.
 */
export async function causesNow({ config, store }: Pick<Ports, 'config' | 'store'>): Promise<Causes> {
  if (!config.settings.correlation.enabled) return () => undefined;
  const active = (await store.alerts()).filter(isActive);
  const graph = graphOf(config);
  return (alert) => causeUpstream(graph, alert, active);
}
