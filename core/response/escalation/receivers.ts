import { routed } from '../../alerting/routes/route.ts';
import { type Matched, matchable } from '../../vocabulary/matching.ts';
import { isPaging } from '../../vocabulary/severity.ts';
import type { ResponseConfig } from '../config.ts';

/** The receiver of what pages nobody. No policy can have this name. */
export const nobody = '(nobody)';

/**
 * Who an alert goes to, as Alertmanager would say it: the name of its escalation policy, or
 * `(nobody)`.
 */
export function receiverOf(config: Pick<ResponseConfig, 'routes' | 'matrix'>, alert: Matched): string {
  if (!isPaging(alert.severity)) return nobody;
  const to = routed(config.routes, matchable(alert));
  if (to.nobody) return nobody;
  return to.policy ?? (config.matrix[alert.category]?.[alert.severity] ?? config.matrix.default[alert.severity]).policy;
}

/** Every receiver that there is. */
export const receiversOf = ({ policies }: Pick<ResponseConfig, 'policies'>): string[] => [
  ...new Set([...Object.keys(policies), nobody]),
];
