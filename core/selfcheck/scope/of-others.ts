import type { Incident } from '../../response/incidents/incident.ts';
import { counted } from '../../vocabulary/counted.ts';
import type { IncidentId } from '../../vocabulary/ids.ts';
import type { HealthCounts } from '../health/by-group.ts';
import { healthStates, isUnjudged } from '../health/health-state.ts';

/** What a scope leaves out, so that nobody takes a filter for good news. */
export type OfOthers = {
  team: string;
  incidents?: {
    total: number;
    critical: number;
    /** Critical ones, the first few. */
    shown: { id: IncidentId; title: string }[];
  };
  rules?: HealthCounts;
  models?: { total: number; unwell: number };
};

const mostShown = 5;

/** Of the incidents that a scope leaves out: how many, and which are critical and not over. */
export function otherIncidents(
  others: readonly Pick<Incident, 'id' | 'title' | 'severity' | 'status'>[],
): NonNullable<OfOthers['incidents']> {
  const critical = others.filter(({ severity, status }) => severity === 'critical' && status !== 'resolved');
  const shown = critical.slice(0, mostShown).map(({ id, title }) => ({ id, title }));
  return { total: others.length, critical: critical.length, shown };
}

/**
 * `Left out, of other teams: 12 incidents, 1 of them critical and open; 3 of 9 rules are not well.`
 * Empty if nothing is.
 */
export function othersText({ incidents, rules, models }: OfOthers): string {
  const parts = [
    incidents === undefined || incidents.total === 0
      ? undefined
      : `${counted(incidents.total, 'incident')}${criticalText(incidents)}`,
    rules === undefined ? undefined : rulesText(rules),
    models === undefined || models.total === 0
      ? undefined
      : `${counted(models.total, 'model')}, ${models.unwell === 0 ? 'none with a rule that fires' : `${models.unwell} with a rule that fires`}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `Left out, of other teams: ${parts.join('; ')}.`;
}

const criticalText = ({ total, critical }: { total: number; critical: number }): string =>
  critical === 0 ? '' : total === 1 ? ', critical and open' : `, ${critical} of them critical and open`;

function rulesText(counts: HealthCounts): string | undefined {
  const total = healthStates.reduce((sum, state) => sum + counts[state], 0);
  if (total === 0) return undefined;
  const untold = healthStates.filter(isUnjudged).reduce((sum, state) => sum + counts[state], 0);
  const firing = counts.critical + counts.warn;
  const parts = [
    ...(firing === 0 ? [] : [`${firing} ${firing === 1 ? 'fires' : 'fire'}`]),
    ...(untold === 0 ? [] : [`${untold} cannot tell`]),
  ];
  return `${counted(total, 'rule')}, ${parts.length === 0 ? 'all well' : `of which ${parts.join(' and ')}`}`;
}
