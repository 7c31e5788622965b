import type { ResponseConfig } from '../config.ts';
import type { Incident } from '../incidents/incident.ts';
import { type NextStepKind, nextDeadlineOf } from '../incidents/next-step.ts';
import { onTime } from '../incidents/on-time.ts';
import { type PageTarget, targetText } from './page-target.ts';

/** What happens if nobody acts and nothing changes. `step`: the escalation it pages. */
export type ForecastStep = {
  at: number;
  kind: NextStepKind;
  tier: number;
  /** Who is paged then; nobody, for a step that only ends or decides something. */
  targets: PageTarget[];
};

/** More than any policy has: tiers, repeats and the fallback. */
const mostSteps = 40;

/**
 * The steps to come, each as the very decision that will be made then: so it cannot differ from
 * what happens. Every page counts as delivered. Ends where the incident does, or where escalation
 * starts again at tier 1.
 */
export function forecast(incident: Incident, config: ResponseConfig, now: number): ForecastStep[] {
  const steps: ForecastStep[] = [];
  let current = withoutLooks(incident);
  while (steps.length < mostSteps) {
    const next = nextDeadlineOf(current);
    if (next === undefined) break;
    const at = Math.max(next.at, now);
    const decision = onTime(current, config, at);
    if (decision === undefined) break;
    const targets = new Map<string, PageTarget>();
    for (const effect of decision.effects)
      if (effect.kind === 'page' && effect.reason !== 'resolved') targets.set(targetText(effect.target), effect.target);
    steps.push({ at, kind: next.kind, tier: decision.incident.escalation.tier, targets: [...targets.values()] });
    if (decision.incident.status === 'resolved') break;
    if (next.kind === 'starts again' && targets.size > 0) break;
    current = withoutLooks({ ...decision.incident, paged: true });
  }
  return steps;
}

/** A rollback that is reconsidered each minute pages nobody. */
const withoutLooks = (incident: Incident): Incident => ({
  ...incident,
  deadlines: { ...incident.deadlines, reconsider: undefined },
});
