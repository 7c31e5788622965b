import type { GroupingConfig } from '../config.ts';
import { graphOf, type Placeable } from './graph.ts';

/** By which labels an alert is grouped. */
export type Grouping = (alert: Placeable) => readonly string[];

/**
 * `groupBy`, but for alerts that none of its labels tells from others: an alert about a dataset has no model, and would be in
 * one group with every other that has none, and follow that group into whatever incident it joins. Such an alert is grouped
 * also by the labels of the dependency that it is about, or by the label that it shares with those near it.
 */
export function groupingOf(config: GroupingConfig): Grouping {
  const { groupBy, correlation } = config.settings;
  const telling = groupBy.filter((name) => !correlation.apart.includes(name));
  if (!correlation.enabled || telling.length === 0) return () => groupBy;
  const graph = graphOf(config);
  const has = ({ labels }: Placeable, name: string): boolean => Object.hasOwn(labels, name) && labels[name] !== '';
  return (alert) => {
    if (telling.some((name) => has(alert, name))) return groupBy;
    const node = graph.placeOf(alert)?.node;
    const about = Object.keys(node?.declared ? node.match : {}).filter((name) => has(alert, name) && !groupBy.includes(name));
    const shared = correlation.sharing.filter((name) => has(alert, name)).slice(0, 1);
    const more = about.length > 0 ? about : shared.filter((name) => !groupBy.includes(name));
    return more.length === 0 ? groupBy : [...groupBy, ...more];
  };
}
