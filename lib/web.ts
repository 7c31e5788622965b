import { resolve } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { FrontDoor } from './front-door.ts';
import type { Store } from './store.ts';

const openApiFile = resolve(import.meta.dirname, '../http/openapi/openapi.json');

/**
 * Where pages link: runbooks for anybody with the link, incidents for those with the web password.
 */
export class Web extends FrontDoor {
  constructor(scope: Construct, id: string, props: { deployment: Deployment; store: Store; concurrency?: number }) {
    super(scope, id, {
      ...props,
      entry: 'web',
      timeout: Duration.seconds(15),
      memorySize: 512,
      beside: { 'openapi.json': openApiFile },
    });
  }
}
