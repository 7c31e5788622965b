/** Puts each new effect that the table's stream tells of into the queue of those who carry it out. */
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { effectFromImage } from '../adapters/dynamodb/stream.ts';
import { handlerOf } from './wiring/handler.ts';
import { log } from './wiring/log.ts';
import { once } from './wiring/ports.ts';
import { wireQueues } from './wiring/queues.ts';

const queues = once(wireQueues);

/**
 * A stream is read in order: the shard goes on from the first record that is reported as failed. What SQS did not take
 * is therefore named, and effects after it may be sent twice, which their delivery does not mind.
 */
async function dispatch({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const sequenceOf = new Map<string, string>();
  const effects = Records.flatMap(({ eventName, dynamodb }) => {
    const effect = eventName === 'INSERT' && dynamodb?.NewImage !== undefined ? effectFromImage(dynamodb.NewImage) : undefined;
    if (effect !== undefined) sequenceOf.set(effect.id, dynamodb?.SequenceNumber ?? '');
    return effect === undefined ? [] : [effect];
  });
  const refused = await queues().send(effects, Date.now());
  for (const { effect, error } of refused) log('error', 'an effect could not be queued', { effect: effect.id, error });
  return { batchItemFailures: refused.map(({ effect }) => ({ itemIdentifier: sequenceOf.get(effect.id) ?? '' })) };
}

export const handler = handlerOf({ verb: 'dispatch', trigger: 'datasource' }, dispatch, (result) => ({
  failed: result.batchItemFailures.length,
}));
