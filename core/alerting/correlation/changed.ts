import { asRuleId } from '../../vocabulary/ids.ts';
import { labelOf } from '../../vocabulary/matching.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { isOwn } from '../../vocabulary/tenant.ts';
import type { Graph, Placeable } from './graph.ts';
import { wayText } from './link.ts';

/** Labels that name a thing that can be changed, and that alerts are about. */
export const thingLabels = ['model', 'service', 'deployment', 'dataset', 'pipeline', 'feature_set', 'feature'] as const;

/**
 * Why a change may matter to an alert, in words: it is upstream of what the alert is about, or both
 * name the same thing. Undefined if it does not. Unlike two alerts, a change without an environment
 * may matter in each: senders often leave it out.
 */
export function mattersTo(graph: Graph, change: { labels: Labels }, alert: Placeable): string | undefined {
  if (alert.aboutRule || !isOwn(alert)) return undefined;
  const { labels } = change;
  if (graph.settings.apart.some((name) => differ(labels, alert.labels, name))) return undefined;
  return dependsOn(graph, labels, alert) ?? sameThing(graph, labels, alert.labels);
}

function dependsOn(graph: Graph, labels: Labels, alert: Placeable): string | undefined {
  if (!graph.settings.enabled) return undefined;
  const changed = graph.placeOf({ labels, ruleId: asRuleId(''), severity: 'info' });
  const place = changed === undefined ? undefined : graph.placeOf(alert);
  if (changed === undefined || place === undefined) return undefined;
  const way = graph.wayUp(place, changed);
  if (way !== undefined) return wayText(way);
  const isSame = place.node.name === changed.node.name;
  return isSame ? `both are about ${place.node.text}` : undefined;
}

/**
 * At least one name of a thing in common, and none that differs: `feature: age` is not `feature:
 * income` of the same model.
 */
function sameThing({ settings }: Graph, labels: Labels, others: Labels): string | undefined {
  const names = [...new Set([...thingLabels, ...settings.sharing])];
  if (names.some((name) => differ(labels, others, name))) return undefined;
  const shared = names.find((name) => labelOf(labels, name) !== '' && labelOf(labels, name) === labelOf(others, name));
  return shared === undefined ? undefined : `both are about ${shared} ${labelOf(labels, shared)}`;
}

function differ(labels: Labels, others: Labels, name: string): boolean {
  const [value, other] = [labelOf(labels, name), labelOf(others, name)];
  return value !== '' && other !== '' && value !== other;
}
