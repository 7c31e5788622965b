import type { DeploymentView } from '../../core/remediation/deployments/deployment.ts';
import type { DeploymentConfig } from '../../core/remediation/deployments/deployment-schema.ts';

export type RollbackRequest = { deployment: string; from: string; to: string; revision?: string; requestId: string };

export type RollbackOutcome = { providerId: string /** true: this request had been carried out before. */; already: boolean };

/** Throws DeliveryError; not retryable when the provider refuses (the revision changed, the version is gone). */
export type RollbackHook = {
  describe(name: string, deployment: DeploymentConfig): Promise<DeploymentView>;
  rollback(name: string, deployment: DeploymentConfig, request: RollbackRequest): Promise<RollbackOutcome>;
};
