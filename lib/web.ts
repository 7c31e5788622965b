import { resolve } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FrontDoor, type FrontDoorProps } from './front-door.ts';

const openApiFile = resolve(import.meta.dirname, '../http/openapi/openapi.json');

/**
 * Where pages link: runbooks for anybody with the link, incidents for those with the web password.
 */
export class Web extends FrontDoor {
  constructor(scope: Construct, id: string, props: Omit<FrontDoorProps, 'entry' | 'timeout' | 'memorySize'>) {
    super(scope, id, {
      ...props,
      entry: 'web',
      // Longer than a verdict may take.
      timeout: Duration.seconds(20),
      memorySize: 512,
      beside: { 'openapi.json': openApiFile },
      console: true,
    });
  }
}
