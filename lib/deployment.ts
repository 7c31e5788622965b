import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Code, type ILayerVersion, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Config } from '../core/config/schema.ts';
import type { Runbook } from '../core/runbooks/runbook.ts';
import { type Needs, needsOf } from './needs.ts';

export const nodejs = Runtime.NODEJS_24_X;

/** What every construct of a deployment knows of it. */
export type Deployment = {
  config: Config;
  needs: Needs;
  /** Tells deployments of one account apart: `prod`, `staging`. */
  stage: string;
  /** Secret NAME of the config is the Secrets Manager entry `<prefix>NAME`. */
  secretsPrefix: string;
  /** Whether data outlives the stack. */
  keep: boolean;
  /** Holds the config and the runbooks, for every function. */
  layer: ILayerVersion;
};

const file = 'tocsin.json';
/** Where a function finds it. */
export const deployedPath = `/opt/${file}`;

/**
 * The config travels as a layer of one JSON file. It is too large for environment variables (4 KB), and next to each
 * bundle it would be copied ten times and change all of them; as a layer it is uploaded once, and a change of the config
 * leaves the code as it is.
 */
export function deploymentOf(
  scope: Construct,
  { config, runbooks, stage }: { config: Config; runbooks: Runbook[]; stage: string },
): Deployment {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-deployed-'));
  try {
    writeFileSync(join(folder, file), JSON.stringify({ config, runbooks }));
    const layer = new LayerVersion(scope, 'Deployed', {
      description: `Config and runbooks of Tocsin, stage ${stage}`,
      code: Code.fromAsset(folder),
      compatibleRuntimes: [nodejs],
      compatibleArchitectures: [Architecture.ARM_64],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return { config, needs: needsOf(config), stage, secretsPrefix: `tocsin/${stage}/`, keep: stage === 'prod', layer };
  } finally {
    // The asset is staged in the cloud assembly by now.
    rmSync(folder, { recursive: true, force: true });
  }
}
