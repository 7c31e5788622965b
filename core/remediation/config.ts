import type { DetectionConfig } from '../detection/config.ts';
import type { DeploymentConfig } from './deployments/deployment-schema.ts';
import type { RollbackConfig } from './rollback/rollback-schema.ts';

/** The part of the config that remediation depends on. */
export type RemediationConfig = DetectionConfig & {
  deployments: Record<string, DeploymentConfig>;
  rollbacks: Record<string, RollbackConfig>;
};
