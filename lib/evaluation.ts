import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { grant } from './grant.ts';
import type { Store } from './store.ts';
import { TocsinFunction } from './tocsin-function.ts';

/**
 * Judges the rules each minute. A failed tick is not retried: the next one judges the same points.
 * Ticks may overlap safely, since a decision that loses the race is made again; so no reserved
 * concurrency, which small accounts lack.
 */
export class Evaluation extends Construct {
  readonly function: TocsinFunction;

  constructor(scope: Construct, id: string, { deployment, store }: { deployment: Deployment; store: Store }) {
    super(scope, id);
    this.function = new TocsinFunction(this, 'Evaluate', {
      deployment,
      entry: 'evaluate',
      timeout: Duration.seconds(55),
      memorySize: 1024,
    });
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    grant(this.function, { deployment, store });
    new Rule(this, 'EveryMinute', {
      description: `Tocsin ${deployment.stage}: evaluation tick`,
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(this.function, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
