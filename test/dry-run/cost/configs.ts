import { type Config, type ConfigInput, configSchema } from '../../../core/config/schema.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];
type CloudwatchInput = NonNullable<NonNullable<RuleInput['query']>['cloudwatch']>;

export const minute = 60_000;

/** A metric of one endpoint. */
export const metric = (name: string, statistic = 'Average', endpoint = 'a') => ({
  namespace: 'AWS/SageMaker',
  metric: name,
  dimensions: { EndpointName: endpoint },
  statistic,
});

/** A rule of two bands on CloudWatch. */
export const onCloudwatch = (query: CloudwatchInput, more: Partial<RuleInput> = {}): RuleInput => ({
  source: 'cw',
  query: { cloudwatch: query },
  category: 'latency',
  threshold: { above: { warn: 1, critical: 2 } },
  runbook: 'latency-spike',
  ...more,
});

export const configOf = (rules: Record<string, RuleInput>, more: Partial<ConfigInput> = {}): Config =>
  configSchema.parse({
    sources: { cw: { kind: 'cloudwatch' } },
    rules,
    responders: { ana: { name: 'Ana', contacts: [{ sns: 'default' }] } },
    policies: { main: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] } },
    matrix: { default: { warn: { policy: 'main' }, critical: { policy: 'main' } } },
    ...more,
  });
