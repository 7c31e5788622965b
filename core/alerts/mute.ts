import type { Inhibition, MuteTiming } from '../config/schema.ts';
import { inMuteTiming } from '../oncall/mute-timing.ts';
import type { Silence } from '../silences/silence.ts';
import type { Alert } from './alert.ts';
import { matchable, matches } from './matching.ts';

export type MuteRules = {
  silences: readonly Silence[];
  muteTimings: Record<string, MuteTiming>;
  inhibitions: readonly Inhibition[];
};

/** Why pages about an alert are withheld now, in words, or undefined when they are not. */
export function muteReason(alert: Alert, rules: MuteRules, firing: readonly Alert[], now: number): string | undefined {
  const labels = matchable(alert);
  for (const silence of rules.silences) {
    if (silence.from <= now && now < silence.until && matches(silence.match, labels)) {
      return `silenced by ${silence.by} until ${new Date(silence.until).toISOString()}: ${silence.comment}`;
    }
  }
  for (const [name, timing] of Object.entries(rules.muteTimings)) {
    if (matches(timing.match, labels) && inMuteTiming(timing, now).active) return `mute timing ${name}`;
  }
  for (const inhibition of rules.inhibitions) {
    if (!matches(inhibition.target, labels)) continue;
    const source = firing.find((other) => inhibits(other, alert, inhibition, labels));
    if (source !== undefined) return `inhibited by ${source.ruleId} (${inhibition.name})`;
  }
  return undefined;
}

/** An alert never inhibits itself, nor does one that both sides of the inhibition describe. */
function inhibits(other: Alert, alert: Alert, inhibition: Inhibition, labels: Record<string, string>): boolean {
  if (other.fingerprint === alert.fingerprint) return false;
  if (other.state !== 'firing' && other.state !== 'recovering') return false;
  const theirs = matchable(other);
  if (!matches(inhibition.source, theirs) || matches(inhibition.target, theirs)) return false;
  return inhibition.equal.every((name) => (theirs[name] ?? '') === (labels[name] ?? ''));
}
