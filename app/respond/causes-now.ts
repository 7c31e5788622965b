import { isActive } from '../../core/alerting/alerts/alert.ts';
import { graphOf, type Placeable } from '../../core/alerting/correlation/graph.ts';
import { causeUpstream } from '../../core/alerting/correlation/upstream.ts';
import type { Ports } from '../ports/ports.ts';

/** Tells of an alert which cause upstream of it is open, in words, or undefined. */
export type Causes = (alert: Placeable) => string | undefined;

/**
 * By all alerts that fire now: whoever judges them, silenced or not, and in whichever incident they are. Only what the config
 * declares withholds anything; prediction records would add features, and most functions may not read them.
 */
export async function causesNow({ config, store }: Pick<Ports, 'config' | 'store'>): Promise<Causes> {
  if (!config.settings.correlation.enabled) return () => undefined;
  const active = (await store.alerts()).filter(isActive);
  const graph = graphOf(config);
  return (alert) => causeUpstream(graph, alert, active);
}
