import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { grant } from './grant.ts';
import type { Store } from './store.ts';
import { TocsinFunction } from './tocsin-function.ts';

/**
 * Judges one rule when somebody asks on the web. Not the function that ticks: that one counts as
 * evaluating whenever it starts, and an alarm rings when it has not; and it may write everything.
 * This one may write nothing.
 */
export class Judging extends Construct {
  readonly function: TocsinFunction;

  constructor(scope: Construct, id: string, { deployment, store }: { deployment: Deployment; store: Store }) {
    super(scope, id);
    this.function = new TocsinFunction(this, 'Judge', {
      deployment,
      entry: 'judge',
      // Whoever asked waits no longer (adapters/judge-function).
      timeout: Duration.seconds(12),
      memorySize: 1024,
    });
    grant(this.function, { deployment, store });
  }
}
