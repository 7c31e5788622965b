import fc from 'fast-check';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import type { AlertSummary } from '../../../core/alerting/alerts/alert-summary.ts';
import { summarize } from '../../../core/alerting/alerts/alert-summary.ts';
import { type Graph, graphOf, type Observed } from '../../../core/alerting/correlation/graph.ts';
import type { Config } from '../../../core/config/schema.ts';
import type { Incident } from '../../../core/response/incidents/incident.ts';
import { fingerprint } from '../../../core/vocabulary/fingerprint.ts';
import { asGroupKey, asIncidentId, asRuleId } from '../../../core/vocabulary/ids.ts';
import type { Severity } from '../../../core/vocabulary/schema-parts.ts';
import { exampleIncident } from '../../contract/store-examples.ts';
import { configOf, minute, type Part, ruleOn, t0 } from '../../scenario/harness.ts';

export const configWith = (part: Part = {}): Config =>
  configOf({
    rules: { late: ruleOn('late', { category: 'data-quality' }), wrong: ruleOn('wrong'), other: ruleOn('o') },
    ...part,
  });

export const alertOf = (ruleId: string, labels: Record<string, string>, more: Partial<Alert> = {}): Alert => ({
  fingerprint: fingerprint(ruleId, labels),
  ruleId: asRuleId(ruleId),
  labels: { environment: 'live', ...labels },
  category: 'latency',
  groupKey: asGroupKey(JSON.stringify(labels)),
  groupLabels: labels,
  state: 'firing',
  severity: 'critical',
  since: t0,
  breachedAt: t0,
  evaluatedAt: t0,
  reason: 'it is bad',
  excluded: [],
  version: 1,
  ...more,
});

/** An open incident that has these alerts. */
export const incidentOf = (id: string, alerts: readonly Alert[], config: Config, more: Partial<Incident> = {}): Incident =>
  exampleIncident({
    id: asIncidentId(id),
    groupKey: asGroupKey(id),
    openedAt: t0,
    category: 'latency',
    alerts: alerts.map((alert) => summarize(alert, config)),
    counts: {
      critical: alerts.filter(({ severity }) => severity === 'critical').length,
      warn: 0,
      info: 0,
      muted: 0,
      resolved: 0,
    },
    ...more,
  });

/**
 * A world of two datasets, three models, a service and features, as a graph and as alerts that may
 * fire in it.
 */
export const shop: Part = {
  dependencies: {
    orders: { kind: 'data', match: { dataset: 'orders' } },
    clicks: { kind: 'data', match: { dataset: 'clicks' } },
    churn: { kind: 'model', match: { model: 'churn' }, dependsOn: ['orders'] },
    fraud: { kind: 'model', match: { model: 'fraud' }, dependsOn: ['orders', 'clicks'] },
    checkout: { kind: 'service', match: { service: 'checkout' }, dependsOn: ['churn', 'fraud'] },
  },
};

export const seen: Observed = {
  origin: 'traces',
  edges: [{ of: { kind: 'service', labels: { service: 'search' } }, dependsOn: { kind: 'model', labels: { model: 'fraud' } } }],
  changes: [{ labels: { model: 'churn' }, what: 'version 8 of churn started to serve', at: t0 - 10 * minute }],
};

export const graph: Graph = graphOf(configWith(shop), [seen]);

const labels = fc.constantFrom<Record<string, string>>(
  { dataset: 'orders' },
  { dataset: 'clicks' },
  { model: 'churn' },
  { model: 'fraud' },
  { model: 'lonely' },
  { model: 'churn', feature: 'age' },
  { model: 'churn', feature: 'city' },
  { model: 'fraud', feature: 'age' },
  { service: 'checkout' },
  { service: 'search' },
  { pipeline: 'nightly' },
  { pipeline: 'nightly', model: 'lonely' },
  { host: 'a' },
);

/** Any alert of that world; those with the same rule and labels are the same alert. */
export const anAlert: fc.Arbitrary<Alert> = fc
  .record({
    rule: fc.constantFrom('late', 'wrong', 'other'),
    labels,
    environment: fc.constantFrom('live', 'live', 'live', 'staging'),
    severity: fc.constantFrom<Severity>('warn', 'critical'),
    since: fc.integer({ min: 0, max: 40 }),
    value: fc.option(fc.double({ min: 0, max: 500, noNaN: true }), { nil: undefined }),
    state: fc.constantFrom<Alert['state']>('firing', 'firing', 'recovering', 'resolved'),
    aboutRule: fc.constantFrom(false, false, false, true),
  })
  .map(({ rule, environment, since, aboutRule, value, ...more }) => {
    const all = { environment, ...more.labels };
    return alertOf(rule, all, {
      ...more,
      labels: all,
      since: t0 + since * minute,
      ...(value === undefined ? {} : { value, bound: 100 }),
      ...(aboutRule ? { aboutRule, fingerprint: fingerprint(`${rule}#source`, all) } : {}),
    });
  });

export const someAlerts = (maxLength: number): fc.Arbitrary<Alert[]> =>
  fc.uniqueArray(anAlert, { maxLength, selector: ({ fingerprint: id }) => id });

export const briefsOf = (alerts: readonly Alert[]): AlertSummary[] => alerts.map((alert) => summarize(alert, configWith(shop)));
