import { type ConfigInput, configSchema } from '../../core/config/schema.ts';

/** A config that needs something of everything there is on AWS. */
export const awsConfig: ConfigInput = {
  settings: {
    ingestKey: 'INGEST_KEY',
    webPassword: 'WEB_PASSWORD',
    slack: { token: 'SLACK_BOT_TOKEN', signingSecret: 'SLACK_SIGNING_SECRET' },
  },
  sources: { cw: { kind: 'cloudwatch' }, flights: { kind: 'predictions', model: 'flights' } },
  rules: {
    latency: {
      source: 'cw',
      query: { cloudwatch: { metric: { namespace: 'AWS/SageMaker', metric: 'ModelLatency' } } },
      category: 'latency',
      threshold: { above: { critical: 100 } },
      runbook: 'latency-spike',
      rollback: 'scorer',
    },
  },
  responders: {
    ana: {
      name: 'Ana',
      slackUser: 'U1',
      contacts: [{ slack: 'U1' }, { webhook: { url: 'https://pager.example.com/x', secret: 'PAGER_SECRET' } }],
    },
  },
  channels: { ops: { sns: 'default' }, other: { sns: 'arn:aws:sns:eu-central-1:123456789012:other' } },
  policies: { main: { tiers: [{ targets: [{ responder: 'ana' }], ackWithin: '15m' }] } },
  matrix: { default: { warn: { policy: 'main' }, critical: { policy: 'main' } } },
  deployments: {
    scorer: { hook: { lambdaAlias: { functionName: 'scorer', alias: 'live' } } },
    trainer: { hook: { webhook: { url: 'https://models.example.com/rollback', secret: 'TRAINER_HOOK_SECRET' } } },
  },
  rollbacks: { scorer: { deployment: 'scorer', automatic: true }, trainer: { deployment: 'trainer' } },
};

export const parsedConfig = (input: ConfigInput = awsConfig) => configSchema.parse(input);
