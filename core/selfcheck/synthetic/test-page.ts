import type { Alert } from '../../alerting/alerts/alert.ts';
import type { Config } from '../../config/schema.ts';
import type { PageTarget } from '../../response/escalation/page-target.ts';
import { type AlertsDecision, onAlerts } from '../../response/incidents/on-alerts.ts';
import { digest } from '../../vocabulary/fingerprint.ts';
import { asFingerprint, asGroupKey, asRuleId, type GroupKey } from '../../vocabulary/ids.ts';
import { syntheticConfig, syntheticName } from './own-config.ts';

const minuteMs = 60_000;
/** Longer than anybody follows it: it is taken away then, and must page nobody else meanwhile. */
const hourMs = 60 * minuteMs;

/** The group of the incident of a test page; one at a time of each id. */
export const testPageGroup = (id: string): GroupKey => asGroupKey(`${syntheticName}:page:${id}`);

/**
 * A critical incident of the synthetic tenant that pages one target of the config, once. Nothing is
 * judged for it, and no alert is stored. `id` makes it differ from others; `by` is shown on the
 * page.
 */
export function testPage(
  config: Config,
  target: Exclude<PageTarget, { kind: 'schedule' }>,
  { id, by, now }: { id: string; by: string; now: number },
): AlertsDecision {
  const own = syntheticConfig({
    ...config,
    // Only for the rule, and how long it may take; whom it pages follows.
    settings: { ...config.settings, syntheticIncident: { every: hourMs, within: 3 * minuteMs, contact: { kind: 'terminal' } } },
  });
  const policy = {
    tiers: [{ targets: [{ [target.kind]: target.name }], ackWithin: hourMs }],
    repeat: 0,
    ackTimeout: hourMs,
  };
  const { responders, channels } = config;
  const paging = { ...own, responders, channels, policies: { [syntheticName]: policy } };
  const alert: Alert = {
    fingerprint: asFingerprint(digest(`test page ${id}`, 16)),
    ruleId: asRuleId(syntheticName),
    labels: {},
    category: 'pipeline',
    groupKey: testPageGroup(id),
    groupLabels: {},
    state: 'firing',
    severity: 'critical',
    since: now,
    firedAt: now,
    breachedAt: now,
    evaluatedAt: now,
    reason: `a test page that ${by} asked for; there is nothing to do`,
    excluded: [],
    tenant: 'synthetic',
    version: 0,
  };
  const changes = [{ before: undefined, after: alert, change: 'fired' as const }];
  const decision = onAlerts(undefined, changes, { ...config, tenants: { synthetic: paging } }, now);
  if (decision === undefined) throw new Error('a test page opens an incident, and this one did not');
  return decision;
}
