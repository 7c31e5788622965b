import { isEachAlone } from '../../vocabulary/group-by.ts';
import type { GroupingConfig } from '../config.ts';
import { type Grouping, groupingOf } from '../correlation/grouping.ts';

/** The label that names the heartbeat on its alerts. */
export const heartbeatLabel = 'heartbeat';

/**
 * As other alerts are grouped. Without a label that tells its job from others each is by itself, or
 * all late jobs would be one incident.
 */
export function heartbeatGrouping(config: GroupingConfig): Grouping {
  const grouping = groupingOf(config);
  const { apart } = config.settings.correlation;
  return (alert) => {
    const groupBy = grouping(alert);
    const tells = (name: string): boolean => !apart.includes(name) && (alert.labels[name] ?? '') !== '';
    return isEachAlone(groupBy) || groupBy.some(tells) ? groupBy : [...groupBy, heartbeatLabel];
  };
}
