import type { Incident } from '../../core/response/incidents/incident.ts';
import { type NextStep, stepsOf } from '../../core/response/incidents/next-step.ts';
import type { RunningConfig } from '../../core/selfcheck/running-config.ts';
import type { Ports } from '../ports/ports.ts';

/** What happens to an incident next; worked out once for an incident that stays as it is. */
export function nextSteps({ inFlight }: Pick<Ports, 'inFlight'>, incident: Incident, config: RunningConfig): readonly NextStep[] {
  const known = inFlight.nextSteps.get(incident);
  if (known?.config === config) return known.steps;
  const steps = stepsOf(incident, config);
  inFlight.nextSteps.set(incident, { config, steps });
  return steps;
}
