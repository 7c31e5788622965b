import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Route } from '../../core/response/escalation/route-schema.ts';
import type { Matchers } from '../../core/vocabulary/matchers/matcher.ts';

/**
 * Labels that alerts are picked by: in silences in force, and in the routes, inhibitions, mute
 * timings, dependencies, composite rules, and what sources ignore or expect as a watchdog of the
 * config. Of an alert with more labels than are stored, these are kept.
 */
export function namedLabels(
  { routes, inhibitions, muteTimings, dependencies, sources, rules }: Config,
  silences: readonly Silence[],
): string[] {
  const composites = Object.values(rules).flatMap((rule) => (rule.kind === 'composite' ? [rule.composite] : []));
  const matchers: Matchers[] = [
    ...silences.map(({ match }) => match),
    ...matchersOfRoutes(routes),
    ...inhibitions.flatMap(({ source, target }) => [source, target]),
    ...Object.values(muteTimings).map(({ match }) => match),
    ...Object.values(dependencies).map(({ match }) => match),
    ...Object.values(sources).flatMap((source) =>
      source.kind === 'alerts' ? [...source.ignore, source.watchdog?.match ?? []] : [],
    ),
    ...composites.flatMap(({ all = [], any = [], none = [] }) => [...all, ...any, ...none].map(({ match }) => match ?? [])),
  ];
  const equal = inhibitions.flatMap((inhibition) => inhibition.equal);
  const on = composites.flatMap((composite) => composite.on ?? []);
  return [...new Set([...matchers.flat().map(({ name }) => name), ...equal, ...on])];
}

const matchersOfRoutes = (routes: readonly Route[]): Matchers[] =>
  routes.flatMap(({ match, routes: inner = [] }) => [match, ...matchersOfRoutes(inner)]);
