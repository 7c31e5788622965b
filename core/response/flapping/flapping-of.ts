import type { Alert } from '../../alerting/alerts/alert.ts';
import { routed } from '../../alerting/routes/route.ts';
import type { Flapping } from '../../detection/rules/flapping-schema.ts';
import { matchable } from '../../vocabulary/matching.ts';
import { isOwn } from '../../vocabulary/tenant.ts';
import type { ResponseConfig } from '../config.ts';

/**
 * When an alert counts as flapping: its rule says, or else its route, or else the settings. The
 * synthetic incident comes and goes on purpose.
 */
export function flappingOf(config: ResponseConfig, alert: Alert): Flapping {
  if (!isOwn(alert)) return 'off';
  const rule = Object.hasOwn(config.rules, alert.ruleId) ? config.rules[alert.ruleId] : undefined;
  if (rule?.flapping !== undefined) return rule.flapping;
  const byRoute = config.routes.length === 0 ? undefined : routed(config.routes, matchable(alert)).flapping;
  return byRoute ?? config.settings.flapping;
}
