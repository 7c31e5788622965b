import type { Config } from '../../config/schema.ts';
import type { Settings } from '../../config/settings-schema.ts';
import type { RuleOf } from '../../detection/rules/rule-schema.ts';
import type { Policy } from '../../response/escalation/policy-schema.ts';
import type { SamplesSourceConfig } from '../../telemetry/sources/kinds/samples.ts';
import { type Tenant, tenantName } from '../../vocabulary/tenant.ts';

export const syntheticName = tenantName('synthetic');

type Configured = NonNullable<Settings['syntheticIncident']>;

const stepMs = 10_000;
/** The sample is looked for a minute longer than its page may take, so that one that is late is seen to be late. */
const lookedForMs = ({ within }: Configured): number => within + 60_000;
/** Ticks may be a minute apart, and one may be missing, until the alert has been found to be over. */
const endsWithinMs = 180_000;
const dayMs = 86_400_000;
const source: SamplesSourceConfig = { kind: 'samples', labels: {}, bucket: stepMs, retain: dayMs };

/** What is pushed into the synthetic source; its rule calls it critical. */
export const syntheticSample = { metric: 'synthetic', value: 1, labels: {} };

function ruleOf(configured: Configured): RuleOf<'threshold'> {
  return {
    title: 'Synthetic incident, nothing is wrong',
    source: syntheticName,
    // Not the largest sample: that would be judged as it comes, and whether rules are judged by the tick would not be tried.
    query: { samples: { metric: syntheticSample.metric, match: {}, statistic: 'mean' } },
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

/** The config of rules and sources as they are judged while the sample of a synthetic incident is looked for. */
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

/** How long after its sample the rule is judged; by then the alert has fired and ended, or it never will. */
export const judgedForMs = (configured: Configured): number => lookedForMs(configured) + endsWithinMs;

/**
 * The config that synthetic incidents live by: one rule, one policy, one channel, and none of what the config says of
 * real ones, so that they can reach nobody else and nothing holds them up. Without a contact there is nobody to page.
 */
export function syntheticConfig(config: Config): Config & { tenant: Tenant } {
  const configured = config.settings.syntheticIncident;
  const cell = { policy: syntheticName };
  // Nobody is to acknowledge it: it has ended by then, or Tocsin stands still.
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
    responders: {},
    schedules: {},
    channels: configured === undefined ? {} : { [syntheticName]: configured.contact },
    policies: { [syntheticName]: policy },
    matrix: { default: { warn: cell, critical: cell } },
    inhibitions: [],
    dependencies: {},
    muteTimings: {},
    deployments: {},
    rollbacks: {},
  };
}
