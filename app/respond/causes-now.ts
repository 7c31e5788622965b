import { isActive } from '../../core/alerts/alert.ts';
import type { Placeable } from '../../core/correlation/graph.ts';
import { causeUpstream } from '../../core/correlation/upstream.ts';
import type { Ports } from '../ports.ts';
import { graphNow } from '../surroundings.ts';

/** Tells of an alert which cause upstream of it is open, in words, or undefined. */
export type Causes = (alert: Placeable) => string | undefined;

/** By all alerts that fire now: whoever judges them, silenced or not, and in whichever incident they are. */
export async function causesNow(ports: Ports, now: number): Promise<Causes> {
  if (!ports.config.settings.correlation.enabled) return () => undefined;
  const active = (await ports.store.alerts()).filter(isActive);
  const graph = await graphNow(ports, active, now);
  return (alert) => causeUpstream(graph, alert, active);
}
