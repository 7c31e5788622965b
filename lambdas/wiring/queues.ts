import { SQSClient } from '@aws-sdk/client-sqs';
import { type EffectQueues, effectQueues } from '../../adapters/sqs/index.ts';

/** The queues whose URLs this function was given; it may send to no other. */
export function wireQueues(): EffectQueues {
  const { TOCSIN_PAGES_QUEUE: pages, TOCSIN_ROLLBACKS_QUEUE: rollbacks, TOCSIN_WAKES_QUEUE: wakes } = process.env;
  return effectQueues({ client: new SQSClient({ maxAttempts: 3 }), urls: { pages, rollbacks, wakes } });
}
