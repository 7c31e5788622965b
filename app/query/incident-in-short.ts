import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import type { ResponseConfig } from '../../core/response/config.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { type NextStep, nextPageOf, nextStepOf } from '../../core/response/incidents/next-step.ts';
import { namedBy } from '../../core/response/incidents/title.ts';
import type { RuleSparkline } from './sparklines.ts';

/** An incident as a list shows it. */
export type IncidentInShort = {
  incident: Incident;
  /** The alert that gives it its title. */
  leading?: AlertSummary;
  next?: NextStep;
  /** The next step that pages somebody, if it is another one. */
  nextPage?: NextStep;
  /** It pages whoever asks, or their team owns it. */
  isOwn?: boolean;
  spark?: RuleSparkline;
};

/** Without a config nobody knows what happens next. */
export function inShort(incident: Incident, config: ResponseConfig | undefined): IncidentInShort {
  const leading = namedBy(incident);
  const next = config === undefined ? undefined : nextStepOf(incident, config);
  const page = config === undefined ? undefined : nextPageOf(incident, config);
  return {
    incident,
    ...(leading !== undefined && { leading }),
    ...(next !== undefined && { next }),
    ...(page !== undefined && page.at !== next?.at && { nextPage: page }),
  };
}
