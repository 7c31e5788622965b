import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ICommandHooks } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Config } from '../core/config/schema.ts';
import type { Runbook } from '../core/response/runbooks/runbook.ts';
import { type Needs, needsOf } from './needs.ts';

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
  /** The config and the runbooks as one file, which is put beside each bundle. */
  file: string;
};

/**
 * Writes down what travels with the functions, and makes them with it. The config is too large for environment variables
 * (4 KB), so it lies beside the code of each function that reads it: code and config are always of one deployment, and
 * what is deployed is a folder that runs anywhere. The file is needed only while bundles are made.
 */
export function deploying<T>(
  { config, runbooks, stage }: { config: Config; runbooks: Runbook[]; stage: string },
  make: (deployment: Deployment) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-deploy-'));
  const file = join(folder, 'tocsin.json');
  try {
    writeFileSync(file, JSON.stringify({ config, runbooks }));
    return make({ config, needs: needsOf(config), stage, secretsPrefix: `tocsin/${stage}/`, keep: stage === 'prod', file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs in the shell of the machine that bundles. */
export function placing(file: string): ICommandHooks {
  const copy = process.platform === 'win32' ? 'copy' : 'cp';
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_input, output) => [`${copy} "${file}" "${join(output, 'tocsin.json')}"`],
  };
}
