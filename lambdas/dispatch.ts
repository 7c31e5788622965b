/** Puts each new effect from the table's stream into the right queue. */
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { effectFromImage } from '../stores/dynamodb/stream.ts';
import { handlerOf } from './wiring/handler.ts';
import { log } from './wiring/log.ts';
import { once } from './wiring/ports.ts';
import { wireQueues } from './wiring/queues.ts';

const queues = once(wireQueues);

/**
 * A stream is read in order, and resumes at the first record reported as failed. So report what SQS
 * refused. Later effects may be sent twice, which delivery tolerates.
 */
async function dispatch({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const sequenceOf = new Map<string, string>();
  const effects = Records.flatMap(({ eventName, dynamodb }) => {
    const effect = eventName === 'INSERT' && dynamodb?.NewImage !== undefined ? effectFromImage(dynamodb.NewImage) : undefined;
    if (effect !== undefined) sequenceOf.set(effect.id, dynamodb?.SequenceNumber ?? '');
    return effect === undefined ? [] : [effect];
  });
  const refused = await queues().send(effects, Date.now());
  for (const { effect, error } of refused) log('error', 'an outbox message could not be queued', { effect: effect.id, error });
  return { batchItemFailures: refused.map(({ effect }) => ({ itemIdentifier: sequenceOf.get(effect.id) ?? '' })) };
}

export const handler = handlerOf({ verb: 'dispatch', trigger: 'datasource' }, dispatch, (result) => ({
  failed: result.batchItemFailures.length,
}));
