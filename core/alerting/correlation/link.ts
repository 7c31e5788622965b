import { labelOf } from '../../vocabulary/matching.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import type { Graph, Place, Placeable, Way } from './graph.ts';

/**
 * How one alert relates to another. `upstream`: the other may be its cause; `downstream`: it may
 * cause the other. `text` is for people.
 */
export type Link = { kind: 'upstream' | 'downstream' | 'same' | 'label'; text: string };

/** Alerts of two environments are never related, whatever else they share. */
export function apartKey({ settings }: Graph, labels: Labels): string {
  let key = '';
  for (const name of settings.apart) {
    const value = labelOf(labels, name);
    key += `${value.length}:${value} `;
  }
  return key;
}

/** The alert's labels that may link it to others: those listed in `sharing`. */
export function sharedLabels({ settings }: Graph, labels: Labels): [name: string, value: string][] {
  const shared: [string, string][] = [];
  for (const name of settings.sharing) {
    const value = labelOf(labels, name);
    if (value !== '') shared.push([name, value]);
  }
  return shared;
}

/**
 * How `one` relates to `other`; undefined if they are not linked. The caller checks whether they
 * are close in time.
 */
export function linkOf(graph: Graph, one: Placeable, other: Placeable): Link | undefined {
  if (!graph.settings.enabled || one.aboutRule || other.aboutRule) return undefined;
  if (apartKey(graph, one.labels) !== apartKey(graph, other.labels)) return undefined;
  const [place, otherPlace] = [graph.placeOf(one), graph.placeOf(other)];
  if (place !== undefined && otherPlace !== undefined) {
    const link = linkOfPlaces(graph, place, otherPlace);
    if (link !== undefined) return link;
  }
  for (const [name, value] of sharedLabels(graph, one.labels)) {
    if (value === labelOf(other.labels, name)) return { kind: 'label', text: `both are about ${name} ${value}` };
  }
  return undefined;
}

function linkOfPlaces(graph: Graph, place: Place, other: Place): Link | undefined {
  const up = graph.wayUp(place, other);
  if (up !== undefined) return { kind: 'upstream', text: wayText(up) };
  const down = graph.wayUp(other, place);
  if (down !== undefined) return { kind: 'downstream', text: wayText(down) };
  // Without declared dependencies, grouping by more than the model means that its parts count
  // separately.
  const { node } = place;
  return node.name === other.node.name && node.declared ? { kind: 'same', text: `both are about ${node.text}` } : undefined;
}

/** `service checkout depends on model churn, which depends on data orders` */
export function wayText({ texts, origins }: Way): string {
  const [first = '', ...others] = texts;
  const seen = origins.length === 0 ? '' : ` (seen in ${origins.join(' and ')})`;
  return `${first} depends on ${others.join(', which depends on ')}${seen}`;
}
