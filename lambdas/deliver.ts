/** Pages people, and updates posted messages. Consumes the queues of pages. */
import type { SQSEvent } from 'aws-lambda';
import { channelsOf } from '../adapters/channels.ts';
import { deviceBook } from '../app/devices/device-book.ts';
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
  const stored = wire();
  const channels = channelsOf({
    config: deployed().config,
    secrets,
    traceparent: () => tracer()?.active()?.traceparent,
    write: (line) => log('info', line),
    colors: false,
    slackApiUrl: process.env['TOCSIN_SLACK_API_URL'],
    defaultTopicArn: process.env['TOCSIN_TOPIC'],
    awsAttempts: 2,
    devices: deviceBook(stored, Date.now),
  });
  return {
    ports: { ...stored, channels, secrets },
    queues: wireQueues(),
    kinds: ['page', 'update_message', 'digest'],
    measured: true,
  };
});

export const handler = handlerOf(
  { verb: 'deliver', trigger: 'pubsub' },
  (event: SQSEvent) => carryOut(carrier(), event, Date.now),
  (result) => ({ failed: result.batchItemFailures.length }),
);
