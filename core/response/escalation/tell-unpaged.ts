import { type Alert, isActive } from '../../alerting/alerts/alert.ts';
import { routed } from '../../alerting/routes/route.ts';
import { matchable } from '../../vocabulary/matching.ts';
import { isPaging, pagedAs, severityRank } from '../../vocabulary/severity.ts';
import type { Draft } from '../incidents/draft.ts';
import type { Target } from './policy-schema.ts';
import { tellOthers } from './tell.ts';

/**
 * More lists of targets than this are not told apart in one incident; whoever is left out was in
 * none before.
 */
const maxLists = 20;

/**
 * Tells those whom routes with `pages: nobody` name, once an incident and severity: nobody is paged
 * about such an alert, so no page would tell them.
 */
export function tellUnpaged(draft: Draft, alerts: readonly Alert[]): void {
  const { incident, config } = draft;
  for (const alert of alerts) {
    if (!isActive(alert) || alert.muted?.by !== 'route' || !isPaging(alert.severity)) continue;
    const severity = pagedAs(alert.severity);
    const { tell } = routed<Target>(config.routes, matchable(alert));
    if (tell.length === 0) continue;
    const key = JSON.stringify(tell);
    const told = incident.told ?? {};
    const before = told[key];
    if (before !== undefined ? severityRank[severity] <= severityRank[before] : Object.keys(told).length >= maxLists) continue;
    incident.told = { ...told, [key]: severity };
    tellOthers(draft, tell, `${severity}: ${alert.reason}; ${alert.muted.text}`, severity);
  }
}
