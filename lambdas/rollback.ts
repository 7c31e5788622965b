/** Asks hooks what is deployed and rolls deployments back: consumer of the queue `rollbacks`, with a role of its own. */
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { SQSEvent } from 'aws-lambda';
import { lambdaAliasHook } from '../adapters/lambda-alias/index.ts';
import { webhookHook } from '../adapters/webhook/index.ts';
import { type Carrier, carryOut } from './wiring/carry-out.ts';
import { handlerOf } from './wiring/handler.ts';
import { once, wire } from './wiring/ports.ts';
import { wireQueues } from './wiring/queues.ts';
import { wireSecrets } from './wiring/secrets.ts';
import { tracer } from './wiring/traces.ts';

const carrier = once((): Carrier => {
  const secrets = wireSecrets();
  const hooks = {
    lambdaAlias: lambdaAliasHook({
      client: (region) => new LambdaClient({ maxAttempts: 2, ...(region === undefined ? {} : { region }) }),
    }),
    webhook: webhookHook({ secrets, traceparent: () => tracer()?.active()?.traceparent }),
  };
  return { ports: wire({ hooks, secrets }), queues: wireQueues(), kinds: ['inspect', 'rollback'], measured: true };
});

export const handler = handlerOf(
  { verb: 'rollback', trigger: 'pubsub' },
  (event: SQSEvent) => carryOut(carrier(), event, Date.now),
  (result) => ({ failed: result.batchItemFailures.length }),
);
