import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { FrontDoor } from './front-door.ts';
import type { Store } from './store.ts';

/** Where pipelines send predictions, labels and samples. Bodies of 5 MB need memory and time. */
export class Ingest extends FrontDoor {
  constructor(scope: Construct, id: string, props: { deployment: Deployment; store: Store; concurrency?: number }) {
    super(scope, id, {
      ...props,
      entry: 'ingest',
      timeout: Duration.seconds(30),
      memorySize: 1024,
    });
  }
}
