import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import { type Silenced, silencedNow, silenceFault, silenceHints } from '../../core/alerting/silences/check-silence.ts';
import { sourcesOf } from '../../core/telemetry/sources/sources-of.ts';
import type { Matchers } from '../../core/vocabulary/matchers/matcher.ts';
import { matchable, matches } from '../../core/vocabulary/matching.ts';
import { alertSeverities } from '../../core/vocabulary/schema-parts.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import type { Ports } from '../ports/ports.ts';
import { type Refused, refused } from '../respond/refused.ts';

const mostAlerts = 50;

/** What a silence would mute now: `alerts` are the worst of those that it matches, at most 50. */
export type SilencePreview = { ok: true; match: Matchers; now: Silenced; alerts: Alert[]; hints: string[] };

/** Judges matchers as `addSilence` does, and makes no silence. */
export async function previewSilence(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  match: Matchers,
): Promise<SilencePreview | Refused> {
  const fault = silenceFault(match);
  if (fault !== undefined) return refused('invalid', fault);
  const known = await store.alerts();
  const matched = known.filter((alert) => isActive(alert) && isOwn(alert) && matches(match, matchable(alert)));
  const weight = ({ severity }: Alert): number => alertSeverities.indexOf(severity);
  return {
    ok: true,
    match,
    now: silencedNow(match, known),
    alerts: matched.toSorted((a, b) => weight(b) - weight(a) || a.since - b.since).slice(0, mostAlerts),
    hints: silenceHints(
      match,
      sourcesOf(config, 'alerts').map(({ source }) => source),
    ),
  };
}
