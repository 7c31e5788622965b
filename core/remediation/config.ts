import type { DetectionConfig } from '../detection/config.ts';
import type { DeploymentConfig } from './deployments/deployment-schema.ts';
import type { RollbackConfig } from './rollback/rollback-schema.ts';

/** What remediation knows of a config. */
export type RemediationConfig = DetectionConfig & {
  deployments: Record<string, DeploymentConfig>;
  rollbacks: Record<string, RollbackConfig>;
};
