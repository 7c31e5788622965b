import { type Alert, isActive } from '../alerting/alerts/alert.ts';
import { firingFrom } from '../alerting/alerts/firing-from.ts';
import { type MuteRules, muting } from '../alerting/alerts/mute.ts';
import type { MuteReason } from '../alerting/alerts/mute-reason.ts';
import type { Graph } from '../alerting/correlation/graph.ts';
import { isMutedBy, muteEnd } from '../alerting/mute-timings/mute-timing.ts';
import type { Silence } from '../alerting/silences/silence.ts';
import type { Config } from '../config/schema.ts';
import { nameOfActor } from '../vocabulary/actor.ts';
import { digest } from '../vocabulary/fingerprint.ts';
import { asFingerprint, asGroupKey } from '../vocabulary/ids.ts';
import { type Matched, matchable, matches } from '../vocabulary/matching.ts';

/** What would withhold the page; `id` names the silence, mute timing or inhibition. */
export type MutedNow = MuteReason & { id?: string; until?: number | undefined };

/** What is in force. `resolved`: incidents that people resolved although their alerts fire. */
export type InForce = {
  silences: readonly Silence[];
  alerts: readonly Alert[];
  graph: Graph;
  resolved: ReadonlySet<string>;
};

/**
 * Everything that would mute an alert with these labels if it fired now, and not the first alone:
 * whoever ends one silence wants to know of the next. Routes to nobody are not in it, since the
 * route itself says so.
 */
export function mutedNow(config: Config, matched: Matched, inForce: InForce, now: number): MutedNow[] {
  const { muteTimings, inhibitions, routes } = config;
  const { silences, graph, resolved } = inForce;
  const subject = matchable(matched);
  const alert = asAlert(matched, now);
  const firing = inForce.alerts.filter(isActive);
  const unmuted = (by: Pick<MuteRules, 'inhibitions'>): Alert[] => {
    const reasonOf = muting({ silences, muteTimings, routes, ...by }, firing, now);
    return firing.filter((one) => reasonOf(one) === undefined);
  };
  const byAlerts = (heard: readonly Alert[], rules: Partial<MuteRules>): MuteReason | undefined =>
    muting({ silences: [], muteTimings: {}, inhibitions: [], ...rules }, heard, now)(alert);
  const heard = unmuted({ inhibitions: [] });
  const upstream = byAlerts(unmuted({ inhibitions }), { graph, resolved });
  return [
    ...silences
      .filter(({ match, from, until }) => from <= now && now < until && matches(match, subject))
      .map(
        ({ id, until, by, comment }) =>
          ({ by: 'silence', text: `silenced by ${nameOfActor(by)}: ${comment}`, id, until }) as const,
      ),
    ...Object.entries(muteTimings)
      .filter(([, timing]) => matches(timing.match, subject) && isMutedBy(timing, now))
      .map(([id, timing]) => ({ by: 'mute timing', text: `mute timing ${id}`, id, until: muteEnd(timing, now) }) as const),
    ...inhibitions.flatMap((inhibition) => {
      const reason = byAlerts(heard, { inhibitions: [inhibition] });
      return reason === undefined ? [] : [{ ...reason, id: inhibition.name }];
    }),
    ...(upstream === undefined ? [] : [upstream]),
  ];
}

/** The alert that would fire. */
function asAlert({ labels, ruleId, category, severity }: Matched, now: number): Alert {
  return {
    ...{ labels, ruleId, category, severity },
    fingerprint: asFingerprint(digest(JSON.stringify([ruleId, labels]), 16)),
    groupKey: asGroupKey(ruleId),
    groupLabels: {},
    ...firingFrom(now),
  };
}
