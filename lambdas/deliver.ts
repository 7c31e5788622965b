/** Pages people, and brings posted messages up to date: consumer of the queue `pages`. */
import { SNSClient } from '@aws-sdk/client-sns';
import type { SQSEvent } from 'aws-lambda';
import { slackChannel } from '../adapters/slack/index.ts';
import { snsChannel } from '../adapters/sns/index.ts';
import { terminalChannel } from '../adapters/terminal/index.ts';
import { webhookChannel } from '../adapters/webhook/index.ts';
import { type Carrier, carryOut } from './wiring/carry-out.ts';
import { deployed } from './wiring/deployed.ts';
import { handlerOf } from './wiring/handler.ts';
import { log } from './wiring/log.ts';
import { once, wire } from './wiring/ports.ts';
import { wireQueues } from './wiring/queues.ts';
import { wireSecrets } from './wiring/secrets.ts';
import { tracer } from './wiring/traces.ts';

const carrier = once((): Carrier => {
  const secrets = wireSecrets();
  const token = deployed().config.settings.slack?.token;
  const channels = {
    slack: slackChannel({
      token: async () => (token === undefined ? undefined : secrets.get(token)),
      apiUrl: process.env['TOCSIN_SLACK_API_URL'],
    }),
    sns: snsChannel({ client: new SNSClient({ maxAttempts: 2 }), defaultTopicArn: process.env['TOCSIN_TOPIC'] }),
    webhook: webhookChannel({ secrets, traceparent: () => tracer()?.active()?.traceparent }),
    terminal: terminalChannel({ write: (line) => log('info', line) }),
  };
  return { ports: wire({ channels, secrets }), queues: wireQueues(), kinds: ['page', 'refresh'], measured: true };
});

export const handler = handlerOf(
  { verb: 'deliver', trigger: 'pubsub' },
  (event: SQSEvent) => carryOut(carrier(), event, Date.now),
  (result) => ({ failed: result.batchItemFailures.length }),
);
