import { nameOfActor } from '../../vocabulary/actor.ts';
import { formatUtc } from '../../vocabulary/format.ts';
import { type Matchable, matchable, matches } from '../../vocabulary/matching.ts';
import { isOwn } from '../../vocabulary/tenant.ts';
import type { Graph } from '../correlation/graph.ts';
import { upstreamMuting } from '../correlation/upstream.ts';
import { inhibiting } from '../inhibitions/inhibiting.ts';
import type { Inhibition } from '../inhibitions/inhibition-schema.ts';
import { isMutedBy } from '../mute-timings/mute-timing.ts';
import type { MuteTiming } from '../mute-timings/mute-timing-schema.ts';
import { type AlertRoute, routed } from '../routes/route.ts';
import type { Silence } from '../silences/silence.ts';
import type { Alert } from './alert.ts';
import type { MuteReason } from './mute-reason.ts';

export type MuteRules = {
  silences: readonly Silence[];
  muteTimings: Readonly<Record<string, MuteTiming>>;
  inhibitions: readonly Inhibition[];
  /** Some send alerts to nobody. */
  routes?: readonly AlertRoute[];
  /** Used to mute alerts that something upstream explains. */
  graph?: Graph;
  /**
   * Incidents that people resolved although alerts fire. Such alerts page nobody, so they mute
   * nothing.
   */
  resolved?: ReadonlySet<string>;
};

/**
 * Returns why an alert is muted, or undefined if it is not. Work shared by all alerts is done once:
 * in a storm thousands fire, and each may inhibit each.
 */
export function muting(rules: MuteRules, firing: readonly Alert[], now: number): (alert: Alert) => MuteReason | undefined {
  const withheld = withholding(rules, firing, now);
  if (rules.graph === undefined) return withheld;
  const isOver = ({ joined }: Alert): boolean => joined !== undefined && rules.resolved?.has(joined.incidentId) === true;
  const upstream = upstreamMuting(rules.graph, firing, (alert) => isOver(alert) || withheld(alert) !== undefined);
  return (alert) => withheld(alert) ?? upstream(alert);
}

/** Reasons that people configured or set: silences, mute timings, inhibitions. */
function withholding(rules: MuteRules, firing: readonly Alert[], now: number): (alert: Alert) => MuteReason | undefined {
  const silences = rules.silences.filter(({ from, until }) => from <= now && now < until);
  const timings = Object.entries(rules.muteTimings).filter(([, timing]) => isMutedBy(timing, now));
  const quieted = quieting(silences, timings, rules.routes ?? []);
  // A quieted alert inhibits nothing: somebody must hear of either the source or the target.
  const heard = quieted === undefined ? firing : firing.filter((alert) => quieted(matchable(alert)) === undefined);
  const inhibitors = rules.inhibitions.map((inhibition) => inhibitorOf(inhibition, heard));
  if (quieted === undefined && inhibitors.length === 0) return () => undefined;
  return (alert) => {
    if (!isOwn(alert)) return undefined;
    const labels = matchable(alert);
    const quiet = quieted?.(labels);
    if (quiet !== undefined) return quiet;
    for (const inhibitedBy of inhibitors) {
      const reason = inhibitedBy(labels);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
}

type Quieted = (labels: Matchable) => MuteReason | undefined;

/** Silences and mute timings active now, and routes to nobody; undefined if there are none. */
function quieting(
  silences: readonly Silence[],
  timings: readonly [string, MuteTiming][],
  routes: readonly AlertRoute[],
): Quieted | undefined {
  if (silences.length + timings.length + routes.length === 0) return undefined;
  return (labels) => {
    for (const silence of silences) {
      if (matches(silence.match, labels)) {
        const text = `silenced by ${nameOfActor(silence.by)} until ${formatUtc(silence.until)}: ${silence.comment}`;
        return { by: 'silence', text };
      }
    }
    for (const [name, timing] of timings)
      if (matches(timing.match, labels)) return { by: 'mute timing', text: `mute timing ${name}` };
    if (routes.length === 0) return undefined;
    const { nobody, path } = routed(routes, labels);
    return nobody ? { by: 'route', text: `the route ${path.join(' > ')} pages nobody` } : undefined;
  };
}

function inhibitorOf(inhibition: Inhibition, heard: readonly Alert[]): (labels: Matchable) => MuteReason | undefined {
  const sourcesOf = inhibiting(inhibition, heard, 1);
  return (labels) => {
    const [source] = sourcesOf(labels);
    return source === undefined ? undefined : { by: 'inhibition', text: `inhibited by ${source.ruleId} (${inhibition.name})` };
  };
}
