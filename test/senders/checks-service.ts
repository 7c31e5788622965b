import { isActive } from '../../core/alerting/alerts/alert.ts';
import type { Service } from '../../local/service.ts';

/** Added to the config of `project`. */
export const checksConfig = `
sources:
  checks: { kind: alerts, category: data-quality, runbook: latency }
`;

/** The alerts that fire, as pages tell them. */
export async function firingIn(service: Service): Promise<string[]> {
  const alerts = await service.ports.store.alerts();
  return alerts
    .filter((alert) => isActive(alert) && alert.external !== undefined)
    .map(({ external, reason }) => `${external?.title}: ${reason}`)
    .toSorted();
}
