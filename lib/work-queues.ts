import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { WorkQueueName } from '../core/vocabulary/work-queues.ts';

/** After this many failures a message goes to the dead-letter queue, for a person. */
const maxReceiveCount = 5;

const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY };

/** A queue of effects and its dead-letter queue. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly #timeout: Duration;

  /** `timeout` is that of the consuming function. */
  constructor(scope: Construct, id: string, props: { timeout: Duration }) {
    super(scope, id);
    this.#timeout = props.timeout;
    this.deadLetters = new Queue(this, 'DeadLetters', { ...common, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, 'Queue', {
      ...common,
      retentionPeriod: Duration.days(4),
      // AWS recommends six times the timeout: a throttled function holds messages it has not
      // started.
      visibilityTimeout: Duration.seconds(props.timeout.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
  }

  /** The consumer's timeout, which must match the visibility timeout. */
  get timeout(): Duration {
    return this.#timeout;
  }

  feed(consumer: IFunction, options: { batchSize: number; maxConcurrency: number }): void {
    consumer.addEventSource(new SqsEventSource(this.queue, { ...options, reportBatchItemFailures: true }));
  }
}

/**
 * The queues between decision and delivery. `urgent` (critical pages), `pages` (all others) and
 * `rollbacks` hold due work, so the age of their oldest message is Tocsin's delay. Pages to an
 * unresponsive receiver are retried from `slow`, where they delay nobody else. Work not due yet
 * waits in `wakes`.
 */
export class WorkQueues extends Construct implements Record<WorkQueueName, WorkQueue> {
  readonly urgent = new WorkQueue(this, 'Urgent', { timeout: Duration.seconds(20) });
  readonly pages = new WorkQueue(this, 'Pages', { timeout: Duration.seconds(20) });
  readonly slow = new WorkQueue(this, 'Slow', { timeout: Duration.seconds(20) });
  readonly rollbacks = new WorkQueue(this, 'Rollbacks', { timeout: Duration.seconds(30) });
  readonly wakes = new WorkQueue(this, 'Wakes', { timeout: Duration.seconds(20) });
}
