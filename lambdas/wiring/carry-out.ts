import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type EffectQueues, parseQueued, type QueuedEffect } from '../../adapters/sqs/index.ts';
import { deliverEffect } from '../../app/deliver.ts';
import type { Ports } from '../../app/ports.ts';
import { log } from './log.ts';

/** Which kinds of effect a function carries out itself; it sends others on to where they belong. */
export type Carrier = { ports: Ports; queues: EffectQueues; kinds: readonly QueuedEffect['kind'][] };

/**
 * Carries out the effects a batch of messages names, side by side. A message fails alone: it is in the partial batch
 * response and comes again, and after its last try it lies in the dead-letter queue. An effect that has to wait is sent
 * to the queue that waits.
 */
export async function carryOut(carrier: Carrier, event: SQSEvent, clock: () => number): Promise<SQSBatchResponse> {
  const failed = await Promise.all(
    event.Records.map(async ({ messageId, body }) => {
      try {
        await carryOutOne(carrier, body, clock);
        return [];
      } catch (error) {
        log('error', 'a message could not be carried out', { messageId, error: String(error) });
        return [{ itemIdentifier: messageId }];
      }
    }),
  );
  return { batchItemFailures: failed.flat() };
}

async function carryOutOne({ ports, queues, kinds }: Carrier, body: string, clock: () => number): Promise<void> {
  const queued = parseQueued(body);
  if (queued === undefined)
    throw new Error(`expected a message { id, kind, notBefore }; received ${body.length} characters of something else`);
  const mine = kinds.includes(queued.kind) && queued.notBefore <= clock();
  let next: QueuedEffect | undefined = queued;
  if (mine) {
    const { outcome, notBefore } = await deliverEffect(ports, queued.id, clock());
    next = outcome === 'postponed' && notBefore !== undefined ? { ...queued, notBefore } : undefined;
  }
  if (next === undefined) return;
  for (const { effect, error } of await queues.send([next], clock()))
    throw new Error(`effect ${effect.id} could not be sent on: ${error}`);
}
