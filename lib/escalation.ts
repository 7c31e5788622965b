import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { grant } from './grant.ts';
import type { Store } from './store.ts';
import { TocsinFunction } from './tocsin-function.ts';
import type { WorkQueues } from './work-queues.ts';

/**
 * Deadlines: a delayed message wakes an incident on time, and a sweep each minute finds lost ones.
 */
export class Escalation extends Construct {
  readonly wake: TocsinFunction;
  readonly sweep: TocsinFunction;

  constructor(
    scope: Construct,
    id: string,
    { deployment, store, queues }: { deployment: Deployment; store: Store; queues: WorkQueues },
  ) {
    super(scope, id);
    this.wake = new TocsinFunction(this, 'Wake', {
      deployment,
      entry: 'wake',
      timeout: queues.wakes.timeout,
      memorySize: 512,
    });
    grant(this.wake, { deployment, store, queues });
    queues.wakes.feed(this.wake, { batchSize: 5, maxConcurrency: 10 });

    this.sweep = new TocsinFunction(this, 'Sweep', {
      deployment,
      entry: 'sweep',
      timeout: Duration.seconds(55),
      memorySize: 512,
    });
    this.sweep.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    grant(this.sweep, { deployment, store, queues });
    new Rule(this, 'EveryMinute', {
      description: `Tocsin ${deployment.stage}: sweep`,
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(this.sweep, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
