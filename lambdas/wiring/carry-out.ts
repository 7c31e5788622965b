import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type EffectQueues, parseQueued, type QueuedEffect } from '../../adapters/sqs/index.ts';
import { deliverEffect } from '../../app/deliver/deliver.ts';
import type { Ports } from '../../app/ports/ports.ts';
import type { SpanAttributes } from '../../core/selfcheck/traces/attributes.ts';
import { log } from './log.ts';
import { putMetrics } from './metrics.ts';
import { tracer } from './traces.ts';

/** The kinds of effect a function handles; others are forwarded to their queue. */
export type Carrier = {
  ports: Ports;
  queues: EffectQueues;
  kinds: readonly QueuedEffect['kind'][] /** Whether their outcomes count as metrics. */;
  measured?: boolean;
};

/**
 * Handles the effects of a message batch concurrently. Messages fail individually: a failed one is
 * in the partial batch response, is retried, and after its last try goes to the dead-letter queue.
 * An effect that must wait goes to the waiting queue.
 */
export async function carryOut(carrier: Carrier, event: SQSEvent, clock: () => number): Promise<SQSBatchResponse> {
  const seen: Seen = { done: [], postponed: 0, failed: 0 };
  const failed = await Promise.all(
    event.Records.map(async ({ messageId, body, eventSourceARN }) => {
      try {
        const attributes = {
          'messaging.message.id': messageId,
          'messaging.destination.name': eventSourceARN.split(':').at(-1) ?? '',
        };
        await processed(attributes, parseQueued(body)?.trace, () => carryOutOne(carrier, body, clock, seen));
        return [];
      } catch (error) {
        seen.failed += 1;
        log('error', 'a message could not be handled', { messageId, error: String(error) });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  const { done, postponed, failed: lost } = seen;
  if (carrier.measured)
    putMetrics(carrier.ports.config, {
      EffectsDone: done.length,
      EffectsPostponed: postponed,
      EffectsFailed: lost,
      EffectAge: done,
    });
  return { batchItemFailures: failed.flat() };
}

/** Each message continues its own trace; the invocation, which may handle several, is linked. */
function processed(attributes: SpanAttributes, trace: string | undefined, work: () => Promise<void>): Promise<void> {
  const batch = tracer()?.active();
  if (batch === undefined) return work();
  const about = {
    ...attributes,
    'messaging.system': 'aws_sqs',
    'messaging.operation.type': 'process',
    'messaging.operation.name': 'process',
  };
  const options = {
    kind: 'consumer',
    attributes: about,
    parent: trace,
    links: trace === undefined ? [] : [batch.traceparent],
  } as const;
  return tracer()?.span('process a message', options, work) ?? work();
}

/** Outcomes of one batch; `done` holds how late each effect was. */
type Seen = { done: number[]; postponed: number; failed: number };

async function carryOutOne({ ports, queues, kinds }: Carrier, body: string, clock: () => number, seen: Seen): Promise<void> {
  const queued = parseQueued(body);
  if (queued === undefined)
    throw new Error(`expected a message { id, kind, notBefore }; received ${body.length} characters of something else`);
  const mine = kinds.includes(queued.kind) && queued.notBefore <= clock();
  let next: QueuedEffect | undefined = queued;
  if (mine) {
    const { outcome, notBefore, slow, tenant } = await deliverEffect(ports, queued.id, clock(), clock);
    if (outcome === 'done' && tenant === undefined) seen.done.push(Math.max(0, clock() - queued.notBefore));
    else if (outcome === 'postponed' && tenant === undefined) seen.postponed += 1;
    log('info', `effect ${outcome}`, { effect: queued.id, incident: queued.id.split('#')[0], kind: queued.kind });
    next = outcome === 'postponed' && notBefore !== undefined ? waiting(queued, notBefore, slow) : undefined;
  }
  if (next === undefined) return;
  for (const { effect, error } of await queues.send([next], clock()))
    throw new Error(`effect ${effect.id} could not be forwarded: ${error}`);
}

/** Only the last try decides whether a receiver is slow. */
function waiting({ slow: _was, ...queued }: QueuedEffect, notBefore: number, slow: true | undefined): QueuedEffect {
  return { ...queued, notBefore, ...(slow === undefined ? {} : { slow }) };
}
