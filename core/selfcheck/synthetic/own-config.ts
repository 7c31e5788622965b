import type { Config } from '../../config/schema.ts';
import type { Settings } from '../../config/settings-schema.ts';
import type { RuleOf } from '../../detection/rules/rule-schema.ts';
import type { Policy } from '../../response/escalation/policy-schema.ts';
import type { SamplesSourceConfig } from '../../telemetry/sources/kinds/samples.ts';
import { type Tenant, tenantName } from '../../vocabulary/tenant.ts';

export const syntheticName = tenantName('synthetic');

type Configured = NonNullable<Settings['syntheticIncident']>;

const stepMs = 10_000;
/** The sample is watched a minute longer than its page may take, to see a late page as late. */
const lookedForMs = ({ within }: Configured): number => within + 60_000;
/** Ticks may be a minute apart and one may be missing before the alert is seen to be over. */
const endsWithinMs = 180_000;
const dayMs = 86_400_000;
const source: SamplesSourceConfig = { kind: 'samples', labels: {}, bucket: stepMs, retain: dayMs };

/** The sample pushed into the synthetic source. Its rule judges it critical. */
export const syntheticSample = { metric: 'synthetic', value: 1, labels: {} };

function ruleOf(configured: Configured): RuleOf<'threshold'> {
  return {
    title: 'Synthetic incident: a test, nothing is wrong',
    source: syntheticName,
    // Not `max`: that would be judged as it arrives, and would not test the tick.
    query: { samples: { metric: syntheticSample.metric, match: [], statistic: 'mean' } },
    step: stepMs,
    category: 'pipeline',
    kind: 'threshold',
    threshold: { above: { critical: syntheticSample.value / 2 } },
    // The rule looks back a fifth further than these points lie apart.
    for: { m: 1, n: Math.floor(lookedForMs(configured) / stepMs / 1.2) },
    recover: 1,
    keepFiring: 0,
    noData: 'ok',
    errorFor: dayMs,
    samples: { labelShare: 0, lateLabels: 0, minCount: 0 },
    maxSeries: 1,
    labels: {},
    runbook: '',
  };
}

/** Adds the synthetic rule and source to a config, while a synthetic incident is being watched. */
export function withSyntheticRule<C extends Config>(config: C): C & { tenantRules?: Readonly<Record<string, Tenant>> } {
  const configured = config.settings.syntheticIncident;
  if (configured === undefined) return config;
  return {
    ...config,
    sources: { ...config.sources, [syntheticName]: source },
    rules: { ...config.rules, [syntheticName]: ruleOf(configured) },
    tenantRules: { [syntheticName]: 'synthetic' },
  };
}

/**
 * How long after its sample the rule is judged. By then its alert has fired and ended, or never
 * will.
 */
export const judgedForMs = (configured: Configured): number => lookedForMs(configured) + endsWithinMs;

/**
 * The config of synthetic incidents: one rule, one policy, one channel, and nothing the config says
 * about real ones. So they reach nobody else, and nothing delays them. Without a contact there is
 * nobody to page.
 */
export function syntheticConfig(config: Config): Config & { tenant: Tenant } {
  const configured = config.settings.syntheticIncident;
  const cell = { policy: syntheticName };
  // Nobody needs to acknowledge it: it has ended by then, or Tocsin is stuck.
  const policy: Policy = {
    tiers: [{ targets: [{ channel: syntheticName }], ackWithin: configured === undefined ? dayMs : judgedForMs(configured) }],
    repeat: 0,
    ackTimeout: dayMs,
  };
  const correlation = { ...config.settings.correlation, enabled: false };
  const { sources, rules } = withSyntheticRule({ ...config, sources: {}, rules: {} });
  return {
    tenant: 'synthetic',
    settings: { ...config.settings, groupBy: [], groupWait: 0, reopenWindow: 0, resolveDelay: 0, correlation },
    sources,
    rules,
    heartbeats: {},
    responders: {},
    teams: {},
    schedules: {},
    channels: configured === undefined ? {} : { [syntheticName]: configured.contact },
    policies: { [syntheticName]: policy },
    matrix: { default: { warn: cell, critical: cell } },
    inhibitions: [],
    dependencies: {},
    registries: {},
    intakes: {},
    muteTimings: {},
    routes: [],
    digests: {},
    deployments: {},
    rollbacks: {},
  };
}
