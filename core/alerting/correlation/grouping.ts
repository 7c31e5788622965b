import { isEachAlone } from '../../vocabulary/group-by.ts';
import type { GroupingConfig } from '../config.ts';
import { graphOf, type Placeable } from './graph.ts';

/** The labels that an alert is grouped by. */
export type Grouping = (alert: Placeable) => readonly string[];

/**
 * `groupBy`, unless none of its labels tells the alert from others. An alert about a dataset has no
 * model, so it would share a group with every other alert without one and follow that group into
 * any incident. Such an alert is also grouped by the labels of its dependency, or by the label it
 * shares with related alerts.
 */
export function groupingOf(config: GroupingConfig): Grouping {
  const { groupBy, correlation } = config.settings;
  if (isEachAlone(groupBy)) return () => groupBy;
  const telling = groupBy.filter((name) => !correlation.apart.includes(name));
  if (!correlation.enabled || telling.length === 0) return () => groupBy;
  const graph = graphOf(config);
  const has = ({ labels }: Placeable, name: string): boolean => Object.hasOwn(labels, name) && labels[name] !== '';
  return (alert) => {
    if (telling.some((name) => has(alert, name))) return groupBy;
    const node = graph.placeOf(alert)?.node;
    const about = (node?.declared ? node.match : [])
      .map(({ name }) => name)
      .filter((name) => has(alert, name) && !groupBy.includes(name));
    const shared = correlation.sharing.filter((name) => has(alert, name)).slice(0, 1);
    const more = about.length > 0 ? about : shared.filter((name) => !groupBy.includes(name));
    return more.length === 0 ? groupBy : [...groupBy, ...more];
  };
}
