import { isActive } from '../../core/alerting/alerts/alert.ts';
import type { Service } from '../../local/service.ts';

/** Added to the config of `project`. */
export const checksConfig = `
sources:
  checks: { kind: alerts, category: data-quality, runbook: latency }
`;

/** The reasons of the alerts that fire. */
export async function firingIn(service: Service): Promise<string[]> {
  const alerts = await service.ports.store.alerts();
  return alerts
    .filter((alert) => isActive(alert) && alert.external !== undefined)
    .map(({ reason }) => reason)
    .toSorted();
}
