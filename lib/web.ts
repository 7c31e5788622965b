import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FrontDoor, type FrontDoorProps } from './front-door.ts';

const openApiFile = resolve(import.meta.dirname, '../http/openapi/openapi.json');

const resvg = resolve(import.meta.dirname, '../adapters/resvg');
/**
 * What an installed package carries (scripts/pack.ts). In a clone of the repository it is among the
 * packages.
 */
const carried = resolve(resvg, 'resvg.wasm');

/** What draws charts, and the font of their texts: a function has none. */
const chartFiles = {
  'resvg.wasm': existsSync(carried) ? carried : resolve(import.meta.dirname, '../node_modules/@resvg/resvg-wasm/index_bg.wasm'),
  'Inter-Regular.ttf': resolve(resvg, 'fonts/Inter-Regular.ttf'),
  'Inter-SemiBold.ttf': resolve(resvg, 'fonts/Inter-SemiBold.ttf'),
};

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
      beside: { 'openapi.json': openApiFile, ...chartFiles },
      console: true,
    });
  }
}
