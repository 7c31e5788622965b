import type { Inhibition } from '../../core/alerting/inhibitions/inhibition-schema.ts';
import { isMutedBy, muteEnd } from '../../core/alerting/mute-timings/mute-timing.ts';
import type { MuteTiming } from '../../core/alerting/mute-timings/mute-timing-schema.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Route } from '../../core/response/escalation/route-schema.ts';

/** A route with its place among the others. */
export type PlacedRoute = { path: string[]; route: Omit<Route, 'routes'> };

/** `activeUntil`: only while it mutes; without a time, for more than a week. */
export type MuteTimingNow = { name: string; timing: MuteTiming; active: boolean; activeUntil?: number | undefined };

export type Routing = {
  /** In the order in which they are looked at. */
  routes: PlacedRoute[];
  muteTimings: MuteTimingNow[];
  inhibitions: readonly Inhibition[];
};

/** How the config routes and mutes alerts, now. */
export function routingOf({ routes, muteTimings, inhibitions }: Config, now: number): Routing {
  return {
    routes: placed(routes, []),
    muteTimings: Object.entries(muteTimings).map(([name, timing]) => {
      const active = isMutedBy(timing, now);
      return { name, timing, active, ...(active && { activeUntil: muteEnd(timing, now) }) };
    }),
    inhibitions,
  };
}

const placed = (routes: readonly Route[], above: readonly string[]): PlacedRoute[] =>
  routes.flatMap(({ routes: inner = [], ...route }) => {
    const path = [...above, route.name];
    return [{ path, route }, ...placed(inner as readonly Route[], path)];
  });
