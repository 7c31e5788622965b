import { SQSClient } from '@aws-sdk/client-sqs';
import { type EffectQueues, effectQueues, type QueuedEffect, routeOf } from '../../adapters/sqs/index.ts';
import { queueVariable, workQueueNames } from '../../core/vocabulary/work-queues.ts';
import { tracer } from './traces.ts';

/** The queues whose URLs this function was given. It may send to no other. */
export function wireQueues(): EffectQueues {
  const urls = Object.fromEntries(workQueueNames.map((name) => [name, process.env[queueVariable(name)]]));
  const queues = effectQueues({ client: new SQSClient({ maxAttempts: 3 }), urls });
  return {
    async send(effects, now) {
      return queues.send(await Promise.all(effects.map((effect) => asMessage(effect, now))), now);
    },
  };
}

/**
 * A batch has messages of many traces. Each is created in a span of its own trace, which its
 * consumer continues.
 */
async function asMessage(effect: QueuedEffect, now: number): Promise<QueuedEffect> {
  const batch = tracer()?.active();
  if (batch === undefined) return effect;
  const attributes = {
    'messaging.system': 'aws_sqs',
    'messaging.operation.type': 'create',
    'messaging.operation.name': 'create',
    'messaging.destination.name': routeOf(effect, now).queue,
    'tocsin.effect.id': effect.id,
  };
  const options = { kind: 'producer', attributes, parent: effect.trace, links: [batch.traceparent] } as const;
  const create = async ({ traceparent }: { traceparent: string }) => ({ ...effect, trace: traceparent });
  return (await tracer()?.span('create a message', options, create)) ?? effect;
}
