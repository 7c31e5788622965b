import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { FrontDoor } from './front-door.ts';
import type { Store } from './store.ts';

/**
 * Slack's buttons and slash command. Slack waits three seconds including a cold start, so this
 * function has more memory, which brings CPU.
 */
export class Chatops extends FrontDoor {
  constructor(scope: Construct, id: string, props: { deployment: Deployment; store: Store; concurrency?: number }) {
    super(scope, id, { ...props, entry: 'slack', timeout: Duration.seconds(10), memorySize: 1024 });
  }
}
