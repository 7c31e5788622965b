/**
 * Asks hooks what is deployed, and rolls deployments back. Consumes the queue `rollbacks`, with its
 * own role. A timer also makes it check deployments, to track how long each version has served.
 */
import type { SQSEvent } from 'aws-lambda';
import { hooksOf } from '../adapters/hooks.ts';
import { lookAtDeployments } from '../app/selfcheck/look-at-deployments.ts';
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
  const hooks = hooksOf({
    config: deployed().config,
    secrets,
    traceparent: () => tracer()?.active()?.traceparent,
    write: (line) => log('info', line),
    colors: false,
    awsAttempts: 2,
  });
  return { ports: wire({ hooks, secrets }), queues: wireQueues(), kinds: ['describe_deployment', 'rollback'], measured: true };
});

/** The timer's event. */
type Look = { look: 'deployments' };
type Done = { failed: number } | { seen: number };

export const handler = handlerOf(
  { verb: 'rollback', trigger: 'pubsub' },
  async (event: SQSEvent | Look) =>
    'look' in event ? lookAtDeployments(carrier().ports, Date.now(), Date.now) : carryOut(carrier(), event, Date.now),
  (result): Done => ('seen' in result ? result : { failed: result.batchItemFailures.length }),
);
