import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { grant } from './grant.ts';
import type { Store } from './store.ts';
import { TocsinFunction } from './tocsin-function.ts';
import type { WorkQueues } from './work-queues.ts';

/**
 * Runs rollbacks. Its role alone may change what is deployed, and only what hooks in the config
 * name.
 */
export class Rollback extends Construct {
  readonly function: TocsinFunction;

  constructor(
    scope: Construct,
    id: string,
    { deployment, store, queues }: { deployment: Deployment; store: Store; queues: WorkQueues },
  ) {
    super(scope, id);
    this.function = new TocsinFunction(this, 'Rollback', {
      deployment,
      entry: 'rollback',
      timeout: queues.rollbacks.timeout,
      memorySize: 512,
    });
    // Enough that many hanging hooks do not block other deployments.
    queues.rollbacks.feed(this.function, { batchSize: 1, maxConcurrency: 20 });
    grant(this.function, { deployment, store, queues });
    if (deployment.looksAtDeployments) {
      // A missed check is not retried: the next one reports the current state.
      this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(5) });
      new Rule(this, 'EveryFiveMinutes', {
        description: `Tocsin ${deployment.stage}: what deployments serve`,
        schedule: Schedule.rate(Duration.minutes(5)),
        targets: [
          new LambdaFunction(this.function, {
            event: RuleTargetInput.fromObject({ look: 'deployments' }),
            retryAttempts: 0,
            maxEventAge: Duration.minutes(5),
          }),
        ],
      });
    }
  }
}
