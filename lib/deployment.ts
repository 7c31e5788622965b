import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FunctionNeeds, functionNeeds } from '../core/config/function-needs.ts';
import type { FunctionName } from '../core/config/functions.ts';
import type { Config } from '../core/config/schema.ts';
import { watchedDeployments } from '../core/remediation/deployments/watched-deployments.ts';
import type { Runbook } from '../core/response/runbooks/runbook.ts';

/** What every construct of a deployment needs to know. */
export type Deployment = {
  config: Config;
  needs: Record<FunctionName, FunctionNeeds>;
  /** Whether rules may roll anything back, so that serving times must be tracked. */
  looksAtDeployments: boolean;
  /** Distinguishes deployments in one account: `prod`, `staging`. */
  stage: string;
  /** Secret NAME in the config is the Secrets Manager entry `<prefix>NAME`. */
  secretsPrefix: string;
  /** Whether data survives removing the stack. */
  keep: boolean;
  /** Config and runbooks as one file, copied beside each bundle. */
  file: string;
};

/**
 * Writes the deployed config to a file and builds the functions with it. The config exceeds the
 * limit for environment variables (4 KB), so it is part of the bundle of each function that reads
 * it. Code and config always match, and the bundle is a folder that runs anywhere. The file is
 * needed only during synthesis.
 */
export function deploying<T>(
  { config, runbooks, stage }: { config: Config; runbooks: Runbook[]; stage: string },
  make: (deployment: Deployment) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-deploy-'));
  const file = join(folder, 'tocsin.json');
  try {
    writeFileSync(file, JSON.stringify({ config, runbooks }));
    return make({
      config,
      needs: functionNeeds(config),
      looksAtDeployments: watchedDeployments(config).length > 0,
      stage,
      secretsPrefix: `tocsin/${stage}/`,
      keep: stage === 'prod',
      file,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
