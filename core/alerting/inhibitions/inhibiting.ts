import { type Matchable, matchable, matches, valueFor } from '../../vocabulary/matching.ts';
import { isPaging } from '../../vocabulary/severity.ts';
import { isOwn } from '../../vocabulary/tenant.ts';
import { type Alert, isActive } from '../alerts/alert.ts';
import type { Inhibition } from './inhibition-schema.ts';

/**
 * Which alerts inhibit one with these labels, at most `most`. An alert on both sides of an
 * inhibition never acts as its source, so it cannot inhibit itself. `heard`: alerts that fire and
 * that somebody may hear of.
 */
export function inhibiting(
  { source, target, equal }: Inhibition,
  heard: readonly Alert[],
  most: number,
): (labels: Matchable) => readonly Alert[] {
  const keyOf = (labels: Matchable): string => JSON.stringify(equal.map((label) => valueFor(labels, label)));
  const sources = new Map<string, Alert[]>();
  // Nobody hears of `info`, so it may only explain what nobody hears of either.
  const quietSources = new Map<string, Alert[]>();
  for (const alert of heard) {
    if (!isActive(alert) || !isOwn(alert)) continue;
    const labels = matchable(alert);
    if (!matches(source, labels) || matches(target, labels)) continue;
    const [key, found] = [keyOf(labels), isPaging(alert.severity) ? sources : quietSources];
    const known = found.get(key);
    if (known === undefined) found.set(key, [alert]);
    else if (known.length < most) known.push(alert);
  }
  return (labels) => {
    if (sources.size + quietSources.size === 0 || !matches(target, labels)) return [];
    const key = keyOf(labels);
    return sources.get(key) ?? (labels.own?.severity === 'info' ? quietSources.get(key) : undefined) ?? [];
  };
}
