import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { tableKeys } from '../core/vocabulary/table-keys.ts';
import { acknowledge } from './acknowledge.ts';
import type { Deployment } from './deployment.ts';
import { grant } from './grant.ts';
import type { Store } from './store.ts';
import { TocsinFunction } from './tocsin-function.ts';
import type { Topics } from './topics.ts';
import type { WorkQueues } from './work-queues.ts';

export type DeliveryProps = {
  deployment: Deployment;
  store: Store;
  queues: WorkQueues;
  topics: Topics;
  publicUrl?: string;
  slackApiUrl?: string;
};

/**
 * From a committed effect to a person: the table's stream feeds `dispatch`, whose queue feeds
 * `deliver`.
 */
export class Delivery extends Construct {
  readonly dispatch: TocsinFunction;
  readonly deliver: TocsinFunction;
  /** Parts of the stream that could not be dispatched. The sweep finds their effects. */
  readonly undispatched: Queue;

  constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    this.undispatched = new Queue(this, 'Undispatched', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(
      this.undispatched,
      'AwsSolutions-SQS3',
      'This is itself the end of the line: the on-failure destination of the stream',
    );
    this.dispatch = this.#dispatch(props);
    this.deliver = this.#deliver(props);
  }

  #dispatch({ deployment, store, queues }: DeliveryProps): TocsinFunction {
    const dispatch = new TocsinFunction(this, 'Dispatch', {
      deployment,
      entry: 'dispatch',
      timeout: Duration.seconds(15),
      memorySize: 256,
      readsConfig: false,
    });
    grant(dispatch, { deployment, store, queues });
    dispatch.addEventSource(
      new DynamoEventSource(store.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.isEqual('INSERT'),
            dynamodb: { NewImage: { [tableKeys.type]: { S: FilterRule.isEqual(tableKeys.effectType) } } },
          }),
        ],
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        // A shard blocks on its oldest failure. After this long it moves on, and the sweep finds
        // the effect.
        retryAttempts: 10,
        maxRecordAge: Duration.minutes(10),
        onFailure: new SqsDlq(this.undispatched),
      }),
    );
    return dispatch;
  }

  #deliver({ deployment, store, queues, topics, publicUrl, slackApiUrl }: DeliveryProps): TocsinFunction {
    const deliver = new TocsinFunction(this, 'Deliver', {
      deployment,
      entry: 'deliver',
      timeout: queues.pages.timeout,
      memorySize: 512,
      environment: {
        ...(publicUrl === undefined ? {} : { TOCSIN_PUBLIC_URL: publicUrl }),
        ...(slackApiUrl === undefined ? {} : { TOCSIN_SLACK_API_URL: slackApiUrl }),
      },
    });
    grant(deliver, { deployment, store, queues, topics });
    // Each has its own invocations, so a hanging queue takes none from another.
    queues.urgent.feed(deliver, { batchSize: 5, maxConcurrency: 20 });
    queues.pages.feed(deliver, { batchSize: 5, maxConcurrency: 10 });
    queues.slow.feed(deliver, { batchSize: 5, maxConcurrency: 5 });
    return deliver;
  }
}
