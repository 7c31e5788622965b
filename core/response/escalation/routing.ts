import type { Alert } from '../../alerting/alerts/alert.ts';
import { routed } from '../../alerting/routes/route.ts';
import { matchable } from '../../vocabulary/matching.ts';
import { type Category, type Severity, severities } from '../../vocabulary/schema-parts.ts';
import type { ResponseConfig } from '../config.ts';
import type { Incident } from '../incidents/incident.ts';
import type { RoutedTo } from './routed-to.ts';

/** Where the routes send an alert at each severity; undefined if the matrix alone decides. */
export function routingOf(config: ResponseConfig, alert: Alert): Record<Severity, RoutedTo> | undefined {
  if (config.routes.length === 0) return undefined;
  const [warn, critical] = severities.map((severity): RoutedTo => {
    const { path, policy, tell } = routed(config.routes, matchable({ ...alert, severity }));
    return { path, tell, ...(policy === undefined ? {} : { policy }) };
  }) as [RoutedTo, RoutedTo];
  const decides = ({ path, tell }: RoutedTo): boolean => path.length + tell.length > 0;
  return decides(warn) || decides(critical) ? { warn, critical } : undefined;
}

/** The alert that pages names the category of its incident, and the routes it takes. */
export function leadBy(incident: Incident, alert: Alert, config: ResponseConfig): void {
  incident.category = alert.category;
  incident.routing = routingOf(config, alert);
}

/** Identifies the cell of the matrix, or the route, that names a policy. */
export function policyKeyOf(category: Category, severity: Severity, to: RoutedTo | undefined): string {
  const cell = `${category}/${severity}`;
  if (to === undefined || to.path.length + to.tell.length === 0) return cell;
  return `${cell} by ${to.path.join(' > ')}${to.tell.length === 0 ? '' : ` and ${JSON.stringify(to.tell)}`}`;
}
